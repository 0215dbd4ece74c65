// ReadableStreamDefaultReader and ReadableStreamBYOBReader:
// https://streams.spec.whatwg.org/#default-reader-class

const rip = __rip;
const S = rip.streams;
const { required } = rip;
const { rejected, deferred } = S;

const released = () => rejected(new TypeError("the reader was released"));

// The result of a read as a promise.
const request = ({ resolve, reject }) => ({
  chunk: (value) => resolve({ value, done: false }),
  close: (value) => resolve({ value, done: true }),
  error: reject,
});

const streamOf = (value) => {
  if (!rip.isReadable(value)) throw new TypeError("the argument is not a ReadableStream");
  return rip.readableState(value);
};

class ReadableStreamDefaultReader {
  #s;

  constructor(stream) {
    required(1, arguments.length, "ReadableStreamDefaultReader");
    this.#s = S.acquire(streamOf(stream));
  }

  get closed() {
    try {
      return this.#s.closed.promise;
    } catch (error) {
      return rejected(error);
    }
  }

  cancel(reason = undefined) {
    try {
      return this.#s.cancel(reason);
    } catch (error) {
      return rejected(error);
    }
  }

  read() {
    try {
      const state = this.#s;
      if (state.stream === null) return released();
      const result = deferred();
      state.read(request(result));
      return result.promise;
    } catch (error) {
      return rejected(error);
    }
  }

  releaseLock() {
    const state = this.#s;
    if (state.stream !== null) state.release();
  }
}

const readView = (state, view, options) => {
  S.viewOf(view, "the view");
  const { min } = rip.dictionary(options, "the second argument of read");
  const least = min === undefined ? 1 : rip.enforceRange(min, Number.MAX_SAFE_INTEGER, "min");
  if (view.byteLength === 0) throw new TypeError("the view is empty");
  if (view.buffer.byteLength === 0) throw new TypeError("the buffer of the view is empty");
  if (S.detached(view.buffer)) throw new TypeError("the buffer of the view is detached");
  if (least === 0) throw new TypeError("min is 0");
  if (least > (view instanceof DataView ? view.byteLength : view.length)) throw new RangeError("min is more than there is room");
  if (state.stream === null) return released();
  const result = deferred();
  state.readInto(view, least, request(result));
  return result.promise;
};

class ReadableStreamBYOBReader {
  #s;

  constructor(stream) {
    required(1, arguments.length, "ReadableStreamBYOBReader");
    this.#s = S.acquireBYOB(streamOf(stream));
  }

  get closed() {
    try {
      return this.#s.closed.promise;
    } catch (error) {
      return rejected(error);
    }
  }

  cancel(reason = undefined) {
    try {
      return this.#s.cancel(reason);
    } catch (error) {
      return rejected(error);
    }
  }

  read(view, options = undefined) {
    try {
      const state = this.#s;
      required(1, arguments.length, "ReadableStreamBYOBReader.read");
      return readView(state, view, options);
    } catch (error) {
      return rejected(error);
    }
  }

  releaseLock() {
    const state = this.#s;
    if (state.stream !== null) state.release();
  }
}

rip.expose(ReadableStreamDefaultReader);
rip.expose(ReadableStreamBYOBReader);
