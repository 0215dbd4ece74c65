// ReadableStream: https://streams.spec.whatwg.org/#rs-class

const rip = __rip;
const S = rip.streams;
const { SECRET, required, dictionary } = rip;
const { rejected } = S;

const typeOf = (given) => {
  if (given === undefined) return undefined;
  const type = rip.string(given);
  if (type !== "bytes") throw new TypeError(`${JSON.stringify(type)} is not a type of a stream`);
  return type;
};

const build = (stream, underlying, given) => {
  const source = S.underlying(underlying, "the source");
  const strategy = S.strategy(given);
  let { autoAllocateChunkSize } = source;
  if (autoAllocateChunkSize !== undefined) {
    autoAllocateChunkSize = rip.enforceRange(autoAllocateChunkSize, Number.MAX_SAFE_INTEGER, "autoAllocateChunkSize");
  }
  const { cancel, pull, start } = source;
  for (const method of [cancel, pull, start]) if (method !== undefined) rip.callback(method, "a method of the source");
  const methods = { autoAllocateChunkSize, cancel, pull, start };
  if (typeOf(source.type) === "bytes") {
    if (strategy.size !== undefined) throw new RangeError("a stream of bytes has no size in its strategy");
    S.fromByteSource(stream, source, methods, S.mark(strategy, 0));
  } else {
    const size = S.sizeOf(strategy);
    S.fromSource(stream, source, methods, S.mark(strategy, 1), size);
  }
};

const pipeOptions = (given) => {
  const { preventAbort, preventCancel, preventClose, signal } = dictionary(given, "the options");
  const options = { preventAbort: !!preventAbort, preventCancel: !!preventCancel, preventClose: !!preventClose, signal };
  if (signal !== undefined && !rip.is("AbortSignal", signal)) throw new TypeError("signal is not an AbortSignal");
  return options;
};

let stateOf;
let isReadable;

class ReadableStream {
  #s;

  constructor(underlyingSource = undefined, strategy = undefined) {
    if (underlyingSource === SECRET) {
      this.#s = strategy;
    } else {
      this.#s = new S.Readable();
      build(this.#s, underlyingSource, strategy);
    }
    this.#s.self = this;
  }

  static from(asyncIterable) {
    required(1, arguments.length, "ReadableStream.from");
    return wrap(S.fromIterable(asyncIterable));
  }

  get locked() {
    return this.#s.locked;
  }

  cancel(reason = undefined) {
    try {
      const state = this.#s;
      if (state.locked) throw new TypeError("the stream is locked to a reader");
      return state.cancel(reason);
    } catch (error) {
      return rejected(error);
    }
  }

  getReader(options = undefined) {
    this.#s;
    const { mode } = dictionary(options, "the options");
    if (mode === undefined) return new rip.ReadableStreamDefaultReader(this);
    if (rip.string(mode) !== "byob") throw new TypeError(`${JSON.stringify(rip.string(mode))} is not a mode of a reader`);
    return new rip.ReadableStreamBYOBReader(this);
  }

  pipeThrough(transform, options = undefined) {
    const state = this.#s;
    required(1, arguments.length, "ReadableStream.pipeThrough");
    const { readable, writable } = dictionary(transform, "the transform");
    if (!isReadable(readable)) throw new TypeError("readable of the transform is not a ReadableStream");
    if (!rip.isWritable(writable)) throw new TypeError("writable of the transform is not a WritableStream");
    const checked = pipeOptions(options);
    if (state.locked) throw new TypeError("the stream is locked to a reader");
    if (rip.writableState(writable).locked) throw new TypeError("the writable stream is locked to a writer");
    S.handled(S.pipe(state, rip.writableState(writable), checked));
    return readable;
  }

  pipeTo(destination, options = undefined) {
    try {
      const state = this.#s;
      required(1, arguments.length, "ReadableStream.pipeTo");
      if (!rip.isWritable(destination)) throw new TypeError("the destination is not a WritableStream");
      const checked = pipeOptions(options);
      if (state.locked) throw new TypeError("the stream is locked to a reader");
      if (rip.writableState(destination).locked) throw new TypeError("the destination is locked to a writer");
      return S.pipe(state, rip.writableState(destination), checked);
    } catch (error) {
      return rejected(error);
    }
  }

  tee() {
    return S.tee(this.#s, false).map(wrap);
  }

  values(options = undefined) {
    const state = this.#s;
    const { preventCancel } = dictionary(options, "the options");
    return S.iterate(S.acquire(state), !!preventCancel);
  }

  static {
    stateOf = (stream) => stream.#s;
    isReadable = (value) => rip.isObject(value) && #s in value;
  }
}

Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, {
  value: ReadableStream.prototype.values,
  writable: true,
  configurable: true,
});
rip.expose(ReadableStream);

const wrap = (state) => new ReadableStream(SECRET, state);
S.wrap = wrap;
rip.readableState = (stream) => stateOf(stream);
rip.isReadable = (value) => isReadable(value);
