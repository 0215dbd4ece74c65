// The state of a WritableStream: https://streams.spec.whatwg.org/#ws-abstract-ops

const rip = __rip;
const S = rip.streams;
const { when, resolved, rejected, handled, deferred } = S;

S.Writable = class {
  state = "writable"; // then erroring, errored or closed
  error = undefined;
  writer = null;
  controller = null;
  inFlightWrite = null; // deferreds
  inFlightClose = null;
  closeRequest = null;
  writeRequests = [];
  pendingAbort = null; // { result, reason, wasErroring }
  backpressure = false;

  get locked() {
    return this.writer !== null;
  }

  get closing() {
    return this.closeRequest !== null || this.inFlightClose !== null;
  }

  abort(reason) {
    if (this.state === "closed" || this.state === "errored") return resolved(undefined);
    this.controller.signalAbort(reason);
    if (this.state === "closed" || this.state === "errored") return resolved(undefined);
    if (this.pendingAbort !== null) return this.pendingAbort.result.promise;
    const wasErroring = this.state === "erroring";
    const result = deferred();
    this.pendingAbort = { result, reason: wasErroring ? undefined : reason, wasErroring };
    if (!wasErroring) this.startErroring(reason);
    return result.promise;
  }

  close() {
    if (this.state === "closed" || this.state === "errored") {
      return rejected(new TypeError(`the stream is ${this.state} and cannot be closed`));
    }
    this.closeRequest = deferred();
    const { promise } = this.closeRequest;
    if (this.writer !== null && this.backpressure && this.state === "writable") this.writer.ready.resolve(undefined);
    this.controller.close();
    return promise;
  }

  addWrite() {
    const request = deferred();
    this.writeRequests.push(request);
    return request.promise;
  }

  reject(error) {
    if (this.state === "writable") this.startErroring(error);
    else this.finishErroring();
  }

  startErroring(reason) {
    this.state = "erroring";
    this.error = reason;
    if (this.writer !== null) this.writer.rejectReady(reason);
    if (this.inFlightWrite === null && this.inFlightClose === null && this.controller.started) this.finishErroring();
  }

  finishErroring() {
    this.state = "errored";
    this.controller.queue.reset();
    for (const request of this.writeRequests) request.reject(this.error);
    this.writeRequests = [];
    const abort = this.pendingAbort;
    this.pendingAbort = null;
    if (abort === null) {
      this.rejectClose();
      return;
    }
    if (abort.wasErroring) {
      abort.result.reject(this.error);
      this.rejectClose();
      return;
    }
    when(
      this.controller.abortSteps(abort.reason),
      () => {
        abort.result.resolve(undefined);
        this.rejectClose();
      },
      (error) => {
        abort.result.reject(error);
        this.rejectClose();
      },
    );
  }

  rejectClose() {
    if (this.closeRequest !== null) {
      this.closeRequest.reject(this.error);
      this.closeRequest = null;
    }
    if (this.writer === null) return;
    this.writer.closed.reject(this.error);
  }

  finishWrite() {
    this.inFlightWrite.resolve(undefined);
    this.inFlightWrite = null;
  }

  failWrite(error) {
    this.inFlightWrite.reject(error);
    this.inFlightWrite = null;
    this.reject(error);
  }

  finishClose() {
    this.inFlightClose.resolve(undefined);
    this.inFlightClose = null;
    if (this.state === "erroring") {
      this.error = undefined;
      if (this.pendingAbort !== null) {
        this.pendingAbort.result.resolve(undefined);
        this.pendingAbort = null;
      }
    }
    this.state = "closed";
    if (this.writer !== null) this.writer.closed.resolve(undefined);
  }

  failClose(error) {
    this.inFlightClose.reject(error);
    this.inFlightClose = null;
    if (this.pendingAbort !== null) {
      this.pendingAbort.result.reject(error);
      this.pendingAbort = null;
    }
    this.reject(error);
  }

  press(backpressure) {
    if (this.writer !== null && backpressure !== this.backpressure) {
      if (backpressure) this.writer.ready = new Pledge();
      else this.writer.ready.resolve(undefined);
    }
    this.backpressure = backpressure;
  }
};

// A deferred that knows whether it is pending still.
class Pledge {
  pending = true;
  #deferred = deferred();

  get promise() {
    return this.#deferred.promise;
  }

  resolve() {
    this.pending = false;
    this.#deferred.resolve(undefined);
  }

  reject(error) {
    this.pending = false;
    this.#deferred.reject(error);
    handled(this.promise);
  }
}

const kept = () => {
  const pledge = new Pledge();
  pledge.resolve();
  return pledge;
};

const failed = (error) => {
  const pledge = new Pledge();
  pledge.reject(error);
  return pledge;
};

// failing rejects a pledge, or returns a rejected one when it is too late.
const failing = (pledge, error) => {
  if (!pledge.pending) return failed(error);
  pledge.reject(error);
  return pledge;
};

S.Writer = class {
  constructor(stream) {
    if (stream.locked) throw new TypeError("the stream is locked to a writer");
    this.stream = stream;
    stream.writer = this;
    const { state, error } = stream;
    if (state === "writable") {
      this.ready = !stream.closing && stream.backpressure ? new Pledge() : kept();
      this.closed = new Pledge();
    } else if (state === "erroring") {
      this.ready = failed(error);
      this.closed = new Pledge();
    } else if (state === "closed") {
      this.ready = kept();
      this.closed = kept();
    } else {
      this.ready = failed(error);
      this.closed = failed(error);
    }
  }

  rejectReady(error) {
    this.ready = failing(this.ready, error);
  }

  get desiredSize() {
    const { state, controller } = this.stream;
    if (state === "errored" || state === "erroring") return null;
    return state === "closed" ? 0 : controller.desiredSize;
  }

  close() {
    if (this.stream.closing) return rejected(new TypeError("the stream is being closed already"));
    return this.stream.close();
  }

  write(chunk) {
    const { stream } = this;
    const { controller } = stream;
    const size = controller.chunkSize(chunk);
    if (stream !== this.stream) return rejected(new TypeError("the writer was released"));
    const { state } = stream;
    if (state === "errored") return rejected(stream.error);
    if (stream.closing || state === "closed") return rejected(new TypeError("the stream is closed, or is about to be"));
    if (state === "erroring") return rejected(stream.error);
    const promise = stream.addWrite();
    controller.write(chunk, size);
    return promise;
  }

  // For pipes: what the end of the source comes to.
  closeUnlessClosed() {
    const { stream } = this;
    if (stream.closing || stream.state === "closed") return resolved(undefined);
    if (stream.state === "errored") return rejected(stream.error);
    return this.close();
  }

  release() {
    const { stream } = this;
    const error = new TypeError("the writer was released");
    this.rejectReady(error);
    this.closed = failing(this.closed, error);
    stream.writer = null;
    this.stream = null;
  }
};
