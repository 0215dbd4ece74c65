const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
const collect = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
};
const from = (...chunks) => new ReadableStream({ start: (c) => (chunks.forEach((chunk) => c.enqueue(chunk)), c.close()) });

test("a source is pulled as far as the mark", async () => {
  let pulls = 0;
  const stream = new ReadableStream({ pull: (c) => c.enqueue(pulls++) }, { highWaterMark: 2 });
  await turn();
  equal(pulls, 2);
  const reader = stream.getReader();
  equal(await reader.read(), { value: 0, done: false });
  await turn();
  equal(pulls, 3);
});

test("an error comes to all who wait", async () => {
  let controller;
  const reader = new ReadableStream({ start: (c) => void (controller = c) }).getReader();
  const reads = [reader.read(), reader.read(), reader.closed];
  controller.error(new RangeError("x"));
  for (const read of reads) await rejects(read, "RangeError");
  throws(() => controller.enqueue(1), "TypeError");
});

test("a lock, and its release with a read that waits", async () => {
  const stream = new ReadableStream();
  const reader = stream.getReader();
  throws(() => stream.getReader(), "TypeError");
  await rejects(stream.cancel(), "TypeError");
  const read = reader.read();
  reader.releaseLock();
  await rejects(read, "TypeError");
  await rejects(reader.closed, "TypeError");
  equal(stream.locked, false);
});

test("iteration cancels when it is left, unless it should not", async () => {
  for (const preventCancel of [false, true]) {
    const log = [];
    const stream = new ReadableStream({ start: (c) => c.enqueue(1), cancel: () => void log.push("cancel") });
    for await (const chunk of stream.values({ preventCancel })) {
      log.push(chunk);
      break;
    }
    equal([log, stream.locked], [preventCancel ? [1] : [1, "cancel"], false]);
  }
});

test("ReadableStream.from", async () => {
  equal(await collect(ReadableStream.from([1, Promise.resolve(2)])), [1, 2]);
  equal(await collect(ReadableStream.from((async function* () { yield "a"; })())), ["a"]);
  throws(() => ReadableStream.from({}), "TypeError");
  const log = [];
  const iterator = { [Symbol.asyncIterator]: () => iterator, next: () => ({ value: 1 }), return: (r) => (log.push(r), {}) };
  await ReadableStream.from(iterator).cancel("why");
  equal(log, ["why"]);
});

test("tee gives both all, and cancels when both have", async () => {
  const [a, b] = from(1, 2).tee();
  equal([await collect(a), await collect(b)], [[1, 2], [1, 2]]);
  const reasons = [];
  const [c, d] = new ReadableStream({ cancel: (r) => void reasons.push(r) }).tee();
  await Promise.all([c.cancel(1), d.cancel(2)]);
  equal(reasons, [[1, 2]]);
});

test("bytes are read into buffers that change hands", async () => {
  const stream = new ReadableStream({ type: "bytes", start: (c) => c.enqueue(new Uint8Array([1, 2, 3, 4, 5])) });
  const reader = stream.getReader({ mode: "byob" });
  const mine = new Uint8Array(2);
  const { value } = await reader.read(mine);
  equal([[...value], mine.byteLength], [[1, 2], 0]);
  equal([...new Uint8Array((await reader.read(new Uint16Array(2))).value.buffer, 0, 2)], [3, 4]);
  await rejects(reader.read(new Uint8Array(0)), "TypeError");
  await rejects(reader.read(new Uint8Array(1), { min: 2 }), "RangeError");
});

test("a source writes into the reader's buffer", async () => {
  const stream = new ReadableStream({
    type: "bytes",
    pull(c) {
      c.byobRequest.view[0] = 7;
      c.byobRequest.respond(1);
    },
  });
  const { value } = await stream.getReader({ mode: "byob" }).read(new Uint8Array(4), { min: 3 });
  equal([...value], [7, 7, 7]);
});

test("tee of bytes", async () => {
  const source = { type: "bytes", pull: (c) => (c.enqueue(new Uint8Array([1, 2])), c.close()) };
  const [a, b] = new ReadableStream(source).tee();
  const { value } = await a.getReader({ mode: "byob" }).read(new Uint8Array(2));
  value[0] = 9;
  equal([...(await collect(b))[0]], [1, 2]);
});

test("a sink gets one chunk at a time", async () => {
  const log = [];
  const stream = new WritableStream({ write: async (chunk) => (await turn(), void log.push(chunk)), close: () => void log.push("end") });
  const writer = stream.getWriter();
  equal(writer.desiredSize, 1);
  writer.write(1);
  writer.write(2);
  equal(writer.desiredSize, -1);
  await writer.close();
  equal(log, [1, 2, "end"]);
  await rejects(writer.write(3), "TypeError");
});

test("a failed write fails the rest", async () => {
  const stream = new WritableStream({ write: () => Promise.reject(new RangeError("x")) });
  const writer = stream.getWriter();
  const later = [writer.write(1), writer.write(2), writer.close(), writer.closed];
  for (const promise of later) await rejects(promise, "RangeError");
});

test("abort reaches the sink and its signal", async () => {
  let controller;
  const log = [];
  const stream = new WritableStream({ start: (c) => void (controller = c), abort: (r) => void log.push(r) });
  controller.signal.onabort = () => log.push("signal");
  await stream.abort("why");
  equal(log, ["signal", "why"]);
});

test("pipes", async () => {
  const log = [];
  await from(1, 2).pipeTo(new WritableStream({ write: (c) => void log.push(c), close: () => void log.push("end") }));
  equal(log, [1, 2, "end"]);
  const upper = new TransformStream({ transform: (chunk, c) => c.enqueue(chunk.toUpperCase()), flush: (c) => c.enqueue("!") });
  equal(await collect(from("a", "b").pipeThrough(upper)), ["A", "B", "!"]);
});

test("a pipe carries errors both ways", async () => {
  const log = [];
  const sink = new WritableStream({ abort: (e) => void log.push(e.name) });
  await rejects(new ReadableStream({ pull: () => Promise.reject(new RangeError()) }).pipeTo(sink), "RangeError");
  const source = new ReadableStream({ start: (c) => c.enqueue(1), cancel: (e) => void log.push(e.name) });
  await rejects(source.pipeTo(new WritableStream({ write: () => Promise.reject(new SyntaxError()) })), "SyntaxError");
  equal(log, ["RangeError", "SyntaxError"]);
});

test("a pipe is given up by a signal", async () => {
  const controller = new AbortController();
  const log = [];
  const pipe = new ReadableStream({ cancel: () => void log.push("cancel") })
    .pipeTo(new WritableStream({ abort: () => void log.push("abort") }), { signal: controller.signal });
  controller.abort();
  await rejects(pipe, "AbortError");
  equal(log, ["abort", "cancel"]);
});

test("a transform that fails, and one that is canceled", async () => {
  const failing = new TransformStream({ transform: () => { throw new RangeError(); } });
  const writer = failing.writable.getWriter();
  const read = failing.readable.getReader().read();
  await rejects(writer.write(1), "RangeError");
  await rejects(read, "RangeError");
  const log = [];
  await new TransformStream({ cancel: (r) => void log.push(r) }).readable.cancel("why");
  equal(log, ["why"]);
});

test("a write that comes when a transform has been canceled is refused, and nothing hangs", async () => {
  const stream = new TransformStream(undefined, undefined, { highWaterMark: 3 });
  await turn();
  const canceled = stream.readable.cancel(new RangeError("x"));
  const writer = stream.writable.getWriter();
  await rejects(writer.write(1), "TypeError");
  await rejects(writer.closed, "RangeError");
  await canceled;
});

test("strategies", () => {
  equal(new CountQueuingStrategy({ highWaterMark: 3 }).size({}), 1);
  equal(new ByteLengthQueuingStrategy({ highWaterMark: 3 }).size({ byteLength: 5 }), 5);
  throws(() => new CountQueuingStrategy({}), "TypeError");
  throws(() => new ReadableStream({}, { highWaterMark: -1 }), "RangeError");
  throws(() => new ReadableStream({ type: "other" }), "TypeError");
  throws(() => new WritableStream({ type: "bytes" }), "RangeError");
});

test("nothing asks what an app has put on Promise.prototype.then", async () => {
  const { then } = Promise.prototype;
  let asked = 0;
  Promise.prototype.then = function (...args) {
    asked++;
    return Reflect.apply(then, this, args);
  };
  const piped = from(1).pipeThrough(new TransformStream());
  piped.tee();
  Promise.prototype.then = then;
  equal(asked, 0);
});
