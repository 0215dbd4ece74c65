// The state of a ReadableStream: https://streams.spec.whatwg.org/#rs-abstract-ops
//
// A read request is { chunk, close, error }, three functions.

const rip = __rip;
const S = rip.streams;
const { when, resolved, rejected, handled } = S;

S.Readable = class {
  self = null; // the ReadableStream, once there is one
  state = "readable";
  reader = null;
  error = undefined;
  disturbed = false;
  controller = null;

  get locked() {
    return this.reader !== null;
  }

  // How many reads wait, of either kind of reader.
  get waiting() {
    return this.reader === null ? 0 : this.reader.requests.length;
  }

  get byob() {
    return this.reader !== null && this.reader.byob;
  }

  // fulfil answers the first read that waits.
  fulfil(chunk, done) {
    const request = this.reader.requests.shift();
    if (done) request.close(chunk);
    else request.chunk(chunk);
  }

  close() {
    this.state = "closed";
    const { reader } = this;
    if (reader === null) return;
    reader.closed.resolve(undefined);
    if (reader.byob) return;
    for (const request of reader.take()) request.close();
  }

  fail(error) {
    this.state = "errored";
    this.error = error;
    const { reader } = this;
    if (reader === null) return;
    reader.closed.reject(error);
    handled(reader.closed.promise);
    for (const request of reader.take()) request.error(error);
  }

  cancel(reason) {
    this.disturbed = true;
    if (this.state === "closed") return resolved(undefined);
    if (this.state === "errored") return rejected(this.error);
    this.close();
    if (this.byob) for (const request of this.reader.take()) request.close(undefined);
    return when(this.controller.cancelSteps(reason), () => undefined);
  }
};

// The state of a reader of either kind.
class Reader {
  requests = [];
  closed;
  stream;

  constructor(stream, byob) {
    if (stream.locked) throw new TypeError("the stream is locked to a reader");
    this.stream = stream;
    this.byob = byob;
    stream.reader = this;
    if (stream.state === "readable") this.closed = S.deferred();
    else if (stream.state === "closed") this.closed = S.settled(resolved(undefined));
    else this.closed = S.settled(handled(rejected(stream.error)));
  }

  take() {
    const { requests } = this;
    this.requests = [];
    return requests;
  }

  cancel(reason) {
    if (this.stream === null) return rejected(new TypeError("the reader was released"));
    return this.stream.cancel(reason);
  }

  read(request) {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === "closed") request.close();
    else if (stream.state === "errored") request.error(stream.error);
    else stream.controller.pullSteps(request);
  }

  readInto(view, min, request) {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === "errored") request.error(stream.error);
    else stream.controller.pullInto(view, min, request);
  }

  release() {
    const { stream } = this;
    const error = new TypeError("the reader was released");
    if (stream.state === "readable") this.closed.reject(error);
    else this.closed = S.settled(rejected(error));
    handled(this.closed.promise);
    stream.controller.releaseSteps();
    stream.reader = null;
    this.stream = null;
    for (const request of this.take()) request.error(error);
  }
}

S.acquire = (stream) => new Reader(stream, false);
S.acquireBYOB = (stream) => {
  if (!(stream.controller instanceof S.ByteController)) throw new TypeError("the stream is not a stream of bytes");
  return new Reader(stream, true);
};
