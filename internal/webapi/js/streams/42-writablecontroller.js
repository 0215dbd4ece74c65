// WritableStreamDefaultController: https://streams.spec.whatwg.org/#ws-default-controller-class

const rip = __rip;
const S = rip.streams;
const { when, resolved } = S;

const CLOSE = {}; // the end, in a queue of chunks

S.WritableController = class {
  queue = new S.Queue();
  started = false;
  aborted = null; // the AbortController, once somebody looks at its signal
  abortReason = null; // { reason }, when it was aborted before

  constructor(stream, start, write, close, abort, mark, size) {
    this.stream = stream;
    this.mark = mark;
    this.size = size;
    stream.controller = this;
    this.sinkWrite = write;
    this.sinkClose = close;
    this.sinkAbort = abort;
    stream.press(this.backpressure);
    when(
      resolved(start(this)),
      () => {
        this.started = true;
        this.advance();
      },
      (error) => {
        this.started = true;
        stream.reject(error);
      },
    );
  }

  get desiredSize() {
    return this.mark - this.queue.total;
  }

  get backpressure() {
    return this.desiredSize <= 0;
  }

  get signal() {
    if (this.aborted === null) {
      this.aborted = new rip.AbortController();
      if (this.abortReason !== null) this.aborted.abort(this.abortReason.reason);
    }
    return this.aborted.signal;
  }

  signalAbort(reason) {
    if (this.aborted !== null) this.aborted.abort(reason);
    else this.abortReason ??= { reason };
  }

  clear() {
    this.sinkWrite = this.sinkClose = this.sinkAbort = this.size = undefined;
  }

  abortSteps(reason) {
    const result = this.sinkAbort(reason);
    this.clear();
    return result;
  }

  chunkSize(chunk) {
    if (this.size === undefined) return 1;
    try {
      return this.size(chunk);
    } catch (error) {
      this.failIfOpen(error);
      return 1;
    }
  }

  close() {
    this.queue.push(CLOSE, 0);
    this.advance();
  }

  write(chunk, size) {
    try {
      this.queue.push(chunk, size);
    } catch (error) {
      this.failIfOpen(error);
      return;
    }
    const { stream } = this;
    if (!stream.closing && stream.state === "writable") stream.press(this.backpressure);
    this.advance();
  }

  failIfOpen(error) {
    if (this.stream.state === "writable") this.fail(error);
  }

  fail(error) {
    this.clear();
    this.stream.startErroring(error);
  }

  advance() {
    const { stream, queue } = this;
    if (!this.started || stream.inFlightWrite !== null) return;
    if (stream.state === "erroring") {
      stream.finishErroring();
      return;
    }
    if (queue.length === 0) return;
    const first = queue.first();
    if (first === CLOSE) this.processClose();
    else this.processWrite(first);
  }

  processClose() {
    const { stream } = this;
    stream.inFlightClose = stream.closeRequest;
    stream.closeRequest = null;
    this.queue.shift();
    const closed = this.sinkClose();
    this.clear();
    when(
      closed,
      () => stream.finishClose(),
      (error) => stream.failClose(error),
    );
  }

  processWrite(chunk) {
    const { stream } = this;
    stream.inFlightWrite = stream.writeRequests.shift();
    when(
      this.sinkWrite(chunk, this),
      () => {
        stream.finishWrite();
        this.queue.shift();
        if (!stream.closing && stream.state === "writable") stream.press(this.backpressure);
        this.advance();
      },
      (error) => {
        if (stream.state === "writable") this.clear();
        stream.failWrite(error);
      },
    );
  }
};

class WritableStreamDefaultController {
  #s;

  constructor(secret, state) {
    if (secret !== rip.SECRET) throw new TypeError("Illegal constructor");
    this.#s = state;
  }

  get signal() {
    return this.#s.signal;
  }

  error(error = undefined) {
    this.#s.failIfOpen(error);
  }
}

Object.defineProperty(WritableStreamDefaultController, "length", { value: 0 });
rip.expose(WritableStreamDefaultController);

// A stream to internal functions.
S.createWritable = (start, write, close, abort, mark = 1, size = () => 1) => {
  const stream = new S.Writable();
  new S.WritableController(stream, start, write, close, abort, mark, size);
  return stream;
};

// A stream to an app's sink.
S.toSink = (stream, sink, methods, mark, size) => {
  let wrapper;
  const write = S.method(methods.write, "write", sink);
  const close = S.method(methods.close, "close", sink);
  const abort = S.method(methods.abort, "abort", sink);
  const start = (state) => {
    wrapper = new WritableStreamDefaultController(rip.SECRET, state);
    return methods.start === undefined ? undefined : Reflect.apply(methods.start, sink, [wrapper]);
  };
  new S.WritableController(stream, start, (chunk) => write(chunk, wrapper), close, abort, mark, size);
};
