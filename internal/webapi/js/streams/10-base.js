// What all streams stand on: https://streams.spec.whatwg.org/
//
// Every public object has one private field, its state. States are objects of
// internal classes, which know each other; the public classes only check their
// arguments. rip.streams has the internal classes and functions.

const rip = __rip;
const S = (rip.streams = {});

// An app may have changed what Promise.prototype.then is: nothing here asks it.
const { apply } = Reflect;
const { then } = Promise.prototype;
const NativePromise = Promise;
const { resolve: resolvePromise, reject: rejectPromise, withResolvers } = Promise;

const when = (promise, fulfilled, rejected) => apply(then, promise, [fulfilled, rejected]);
const ignore = () => {};

S.when = when;

// resolved is "a promise resolved with" of Web IDL: a promise is not taken as it
// is, unlike by Promise.resolve. What happens first depends on it.
S.resolved = (value) =>
  rip.isObject(value) ? new NativePromise((resolve) => resolve(value)) : apply(resolvePromise, NativePromise, [value]);
S.rejected = (error) => apply(rejectPromise, NativePromise, [error]);
S.deferred = () => apply(withResolvers, NativePromise, []);
S.handled = (promise) => {
  when(promise, undefined, ignore);
  return promise;
};
S.soon = (run) => void when(S.resolved(undefined), run);

// settled is a deferred that is done: the same three fields.
S.settled = (promise) => ({ promise, resolve: ignore, reject: ignore });

// promised calls a method of an app that returns a promise: what it throws is
// a rejection.
S.promised = (method, self, args) => {
  try {
    return S.resolved(apply(method, self, args));
  } catch (error) {
    return S.rejected(error);
  }
};

// A method of an app's source, sink or transformer, bound to it; by default
// one that does nothing.
S.method = (given, name, self, fallback = () => S.resolved(undefined)) => {
  if (given === undefined) return fallback;
  rip.callback(given, name);
  return (...args) => S.promised(given, self, args);
};

S.underlying = (given, what) => {
  if (given !== undefined && !rip.isObject(given)) throw new TypeError(`${what} is not an object`);
  return given ?? Object.create(null);
};

// strategy reads a QueuingStrategy.
S.strategy = (given) => {
  const { highWaterMark, size } = rip.dictionary(given, "the queuing strategy");
  const mark = highWaterMark === undefined ? undefined : +highWaterMark;
  if (size !== undefined) rip.callback(size, "size of the queuing strategy");
  return { mark, size };
};

S.mark = ({ mark }, fallback) => {
  if (mark === undefined) return fallback;
  if (mark !== mark || mark < 0) throw new RangeError("the high water mark is not a number from 0");
  return mark;
};

const one = () => 1;
S.sizeOf = ({ size }) => (size === undefined ? one : (chunk) => +apply(size, undefined, [chunk]));

// A queue of chunks with their sizes: https://streams.spec.whatwg.org/#queue-with-sizes
S.Queue = class {
  items = [];
  head = 0;
  total = 0;

  get length() {
    return this.items.length - this.head;
  }

  push(value, size) {
    if (typeof size !== "number" || size !== size || size < 0 || size === Infinity) {
      throw new RangeError("the size of the chunk is not a finite number from 0");
    }
    this.items.push({ value, size });
    this.total += size;
  }

  first() {
    return this.items[this.head].value;
  }

  shift() {
    const { value, size } = this.items[this.head];
    this.items[this.head++] = undefined;
    if (this.head === this.items.length) {
      this.items = [];
      this.head = 0;
    } else if (this.head > 64 && this.head * 2 > this.items.length) {
      this.items.splice(0, this.head);
      this.head = 0;
    }
    this.total = Math.max(0, this.total - size);
    return value;
  }

  reset() {
    this.items = [];
    this.head = 0;
    this.total = 0;
  }
};

const strategyClass = (Class, size) => {
  Object.defineProperty(size, "name", { value: "size", configurable: true });
  rip.expose(Class);
};

const byteLength = (chunk) => chunk.byteLength;
const count = () => 1;

const markOf = (init, name) => {
  if (init === undefined || init === null) throw new TypeError(`${name} needs a highWaterMark`);
  const { highWaterMark } = rip.dictionary(init, `the argument of ${name}`);
  if (highWaterMark === undefined) throw new TypeError(`${name} needs a highWaterMark`);
  return +highWaterMark;
};

strategyClass(
  class ByteLengthQueuingStrategy {
    #mark;
    constructor(init) {
      rip.required(1, arguments.length, "ByteLengthQueuingStrategy");
      this.#mark = markOf(init, "ByteLengthQueuingStrategy");
    }
    get highWaterMark() {
      return this.#mark;
    }
    get size() {
      this.#mark;
      return byteLength;
    }
  },
  byteLength,
);

strategyClass(
  class CountQueuingStrategy {
    #mark;
    constructor(init) {
      rip.required(1, arguments.length, "CountQueuingStrategy");
      this.#mark = markOf(init, "CountQueuingStrategy");
    }
    get highWaterMark() {
      return this.#mark;
    }
    get size() {
      this.#mark;
      return count;
    }
  },
  count,
);
