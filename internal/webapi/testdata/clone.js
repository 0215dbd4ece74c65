test("primitives and boxes", () => {
  for (const value of [undefined, null, true, -0, NaN, 1n, "\ud800", ""]) equal(structuredClone(value), value);
  const box = structuredClone(Object("s"));
  equal([typeof box, box.valueOf()], ["object", "s"]);
  equal(Object.prototype.toString.call(structuredClone(new Number(3))), "[object Number]");
});

test("objects, arrays and cycles", () => {
  const value = { a: [1, , 3], n: Object.create(null), ["__proto__"]: 5 };
  value.self = value;
  value.a.extra = "x";
  const copy = structuredClone(value);
  equal(copy !== value && copy.self === copy, true);
  equal([copy.a.length, 1 in copy.a, copy.a.extra], [3, false, "x"]);
  equal(Object.getOwnPropertyDescriptor(copy, "__proto__").value, 5);
  const shared = {};
  const [one, two] = structuredClone([shared, shared]);
  equal(one === two, true);
  class Point { constructor() { this.x = 1; } get y() { return 2; } }
  equal(structuredClone(new Point()), { x: 1 });
});

test("dates, patterns, maps and sets", () => {
  equal(structuredClone(new Date(5)).getTime(), 5);
  const pattern = structuredClone(Object.assign(/a+/giu, { lastIndex: 2 }));
  equal([pattern.source, pattern.flags, pattern.lastIndex], ["a+", "giu", 0]);
  const map = new Map([[{ k: 1 }, new Set([1, "a"])]]);
  map.set(map, map);
  const copy = structuredClone(map);
  equal([...copy.keys()][0], { k: 1 });
  equal(copy.get(copy) === copy, true);
  equal([...[...copy.values()][0]], [1, "a"]);
});

test("buffers and views", () => {
  const buffer = new Uint8Array([1, 2, 3, 4]).buffer;
  const { bytes, words, view } = structuredClone({ bytes: new Uint8Array(buffer, 1, 2), words: new Uint16Array(buffer), view: new DataView(buffer, 2) });
  equal([...bytes], [2, 3]);
  equal(bytes.buffer === words.buffer && view.buffer === words.buffer, true);
  equal([view.byteOffset, view.byteLength], [2, 2]);
  bytes[0] = 9;
  equal(new Uint8Array(buffer)[1], 2);
});

test("resizable buffers", () => {
  const buffer = new ArrayBuffer(4, { maxByteLength: 8 });
  const copy = structuredClone(buffer);
  equal([copy.resizable, copy.byteLength, copy.maxByteLength], [true, 4, 8]);
  const views = [new Uint8Array(buffer, 2, 2), new DataView(buffer, 2)];
  buffer.resize(1);
  for (const view of views) throws(() => structuredClone(view), "DataCloneError");
});

test("errors", () => {
  const error = new RangeError("wide", { cause: new TypeError("inner") });
  error.extra = 1;
  const copy = structuredClone(error);
  equal([copy instanceof RangeError, copy.message, copy.stack === error.stack, "extra" in copy], [true, "wide", true, false]);
  equal([copy.cause instanceof TypeError, copy.cause.message], [true, "inner"]);
  class Own extends Error { name = "Own"; }
  equal(structuredClone(new Own("x")).constructor === Error, true);
  const dom = structuredClone(new DOMException("m", "AbortError"));
  equal([dom.name, dom.message, dom.code], ["AbortError", "m", 20]);
});

test("what cannot be cloned", () => {
  for (const value of [() => {}, Symbol("s"), new WeakMap(), new WeakSet(), Promise.resolve(), { deep: [Symbol.iterator] }, new Headers(), [].values(), (function* () {})()]) {
    throws(() => structuredClone(value), "DataCloneError");
  }
  throws(() => structuredClone(), "TypeError");
});

test("transfer", () => {
  const { buffer } = new Uint8Array([1, 2, 3]);
  throws(() => structuredClone(() => {}, { transfer: [buffer] }), "DataCloneError");
  equal(buffer.byteLength, 3);
  throws(() => structuredClone(1, { transfer: [buffer, buffer] }), "DataCloneError");
  throws(() => structuredClone(1, { transfer: [{}] }), "DataCloneError");
  const copy = structuredClone({ view: new Uint8Array(buffer, 1) }, { transfer: [buffer] });
  equal([...copy.view], [2, 3]);
  equal(buffer.byteLength, 0);
  throws(() => structuredClone(buffer), "DataCloneError");
});
