// WritableStream and WritableStreamDefaultWriter: https://streams.spec.whatwg.org/#ws-class

const rip = __rip;
const S = rip.streams;
const { SECRET, required } = rip;
const { rejected } = S;

const build = (stream, underlying, given) => {
  const sink = S.underlying(underlying, "the sink");
  const strategy = S.strategy(given);
  const { abort, close, start, type, write } = sink;
  for (const method of [abort, close, start, write]) if (method !== undefined) rip.callback(method, "a method of the sink");
  if (type !== undefined) throw new RangeError("a sink has no type");
  const size = S.sizeOf(strategy);
  S.toSink(stream, sink, { abort, close, start, write }, S.mark(strategy, 1), size);
};

let stateOf;
let isWritable;

class WritableStream {
  #s;

  constructor(underlyingSink = undefined, strategy = undefined) {
    if (underlyingSink === SECRET) {
      this.#s = strategy;
    } else {
      this.#s = new S.Writable();
      build(this.#s, underlyingSink, strategy);
    }
  }

  get locked() {
    return this.#s.locked;
  }

  abort(reason = undefined) {
    try {
      const state = this.#s;
      if (state.locked) throw new TypeError("the stream is locked to a writer");
      return state.abort(reason);
    } catch (error) {
      return rejected(error);
    }
  }

  close() {
    try {
      const state = this.#s;
      if (state.locked) throw new TypeError("the stream is locked to a writer");
      if (state.closing) throw new TypeError("the stream is being closed already");
      return state.close();
    } catch (error) {
      return rejected(error);
    }
  }

  getWriter() {
    this.#s;
    return new rip.WritableStreamDefaultWriter(this);
  }

  static {
    stateOf = (stream) => stream.#s;
    isWritable = (value) => rip.isObject(value) && #s in value;
  }
}

const held = (writer) => {
  if (writer.stream === null) throw new TypeError("the writer was released");
  return writer;
};

class WritableStreamDefaultWriter {
  #s;

  constructor(stream) {
    required(1, arguments.length, "WritableStreamDefaultWriter");
    if (!isWritable(stream)) throw new TypeError("the argument is not a WritableStream");
    this.#s = new S.Writer(stateOf(stream));
  }

  get closed() {
    try {
      return this.#s.closed.promise;
    } catch (error) {
      return rejected(error);
    }
  }

  get desiredSize() {
    return held(this.#s).desiredSize;
  }

  get ready() {
    try {
      return this.#s.ready.promise;
    } catch (error) {
      return rejected(error);
    }
  }

  abort(reason = undefined) {
    try {
      return held(this.#s).stream.abort(reason);
    } catch (error) {
      return rejected(error);
    }
  }

  close() {
    try {
      return held(this.#s).close();
    } catch (error) {
      return rejected(error);
    }
  }

  releaseLock() {
    const writer = this.#s;
    if (writer.stream !== null) writer.release();
  }

  write(chunk = undefined) {
    try {
      return held(this.#s).write(chunk);
    } catch (error) {
      return rejected(error);
    }
  }
}

rip.expose(WritableStream);
rip.expose(WritableStreamDefaultWriter);

S.wrapWritable = (state) => new WritableStream(SECRET, state);
rip.writableState = (stream) => stateOf(stream);
rip.isWritable = (value) => isWritable(value);
