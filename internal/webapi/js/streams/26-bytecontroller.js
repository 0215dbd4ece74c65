// ReadableByteStreamController and ReadableStreamBYOBRequest:
// https://streams.spec.whatwg.org/#rbs-controller-class

const rip = __rip;
const S = rip.streams;
const { SECRET, required } = rip;

const viewOf = (value, what) => {
  if (!ArrayBuffer.isView(value)) throw new TypeError(`${what} is not a view of a buffer`);
  if (!(value.buffer instanceof ArrayBuffer)) throw new TypeError(`${what} is a view of a shared buffer`);
  return value;
};
S.viewOf = viewOf;

let invalidate;
let viewOfRequest;

class ReadableStreamBYOBRequest {
  #controller;
  #view;

  constructor(secret, controller, view) {
    if (secret !== SECRET) throw new TypeError("Illegal constructor");
    this.#controller = controller;
    this.#view = view;
  }

  get view() {
    return this.#view;
  }

  respond(bytesWritten) {
    const controller = this.#controller;
    required(1, arguments.length, "ReadableStreamBYOBRequest.respond");
    const written = rip.enforceRange(bytesWritten, Number.MAX_SAFE_INTEGER, "the number of bytes");
    if (controller === null) throw new TypeError("the request was answered already");
    if (S.detached(this.#view.buffer)) throw new TypeError("the buffer of the request is detached");
    controller.respond(written);
  }

  respondWithNewView(view) {
    const controller = this.#controller;
    required(1, arguments.length, "ReadableStreamBYOBRequest.respondWithNewView");
    viewOf(view, "the argument");
    if (controller === null) throw new TypeError("the request was answered already");
    if (S.detached(view.buffer)) throw new TypeError("the buffer of the view is detached");
    controller.respondWithNewView(view);
  }

  static {
    invalidate = (request) => {
      request.#controller = null;
      request.#view = null;
    };
    viewOfRequest = (request) => request.#view;
  }
}

Object.defineProperty(ReadableStreamBYOBRequest, "length", { value: 0 });
rip.expose(ReadableStreamBYOBRequest);

S.makeRequest = (controller, view) => new ReadableStreamBYOBRequest(SECRET, controller, view);
S.invalidateRequest = (request) => invalidate(request);
S.requestView = (request) => viewOfRequest(request);

class ReadableByteStreamController {
  #s;

  constructor(secret, state) {
    if (secret !== SECRET) throw new TypeError("Illegal constructor");
    this.#s = state;
  }

  get byobRequest() {
    return this.#s.byobRequest();
  }

  get desiredSize() {
    return this.#s.desiredSize;
  }

  close() {
    const state = this.#s;
    if (!state.open) throw new TypeError("the stream is closed, is about to be, or has failed");
    state.close();
  }

  enqueue(chunk) {
    const state = this.#s;
    required(1, arguments.length, "ReadableByteStreamController.enqueue");
    viewOf(chunk, "the chunk");
    if (chunk.byteLength === 0) throw new TypeError("the chunk is empty");
    if (chunk.buffer.byteLength === 0) throw new TypeError("the buffer of the chunk is empty");
    if (!state.open) throw new TypeError("the stream is closed, is about to be, or has failed");
    state.enqueue(chunk);
  }

  error(error = undefined) {
    this.#s.fail(error);
  }
}

Object.defineProperty(ReadableByteStreamController, "length", { value: 0 });
rip.expose(ReadableByteStreamController);

// A stream of bytes that internal functions give.
S.createBytes = (start, pull, cancel, mark = 0) => {
  const stream = new S.Readable();
  new S.ByteController(stream, start, pull, cancel, mark, undefined);
  return stream;
};

// A stream of bytes of an app's source.
S.fromByteSource = (stream, source, methods, mark) => {
  let wrapper;
  const pull = S.method(methods.pull, "pull", source);
  const cancel = S.method(methods.cancel, "cancel", source);
  if (methods.start !== undefined) rip.callback(methods.start, "start");
  const { autoAllocateChunkSize } = methods;
  if (autoAllocateChunkSize === 0) throw new TypeError("autoAllocateChunkSize is 0");
  const start = (state) => {
    wrapper = new ReadableByteStreamController(SECRET, state);
    return methods.start === undefined ? undefined : Reflect.apply(methods.start, source, [wrapper]);
  };
  new S.ByteController(stream, start, () => pull(wrapper), cancel, mark, autoAllocateChunkSize);
};
