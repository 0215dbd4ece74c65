// ReadableStreamDefaultController: https://streams.spec.whatwg.org/#rs-default-controller-class

const rip = __rip;
const S = rip.streams;
const { when, resolved } = S;

S.Controller = class {
  queue = new S.Queue();
  started = false;
  closeRequested = false;
  pulling = false;
  pullAgain = false;

  constructor(stream, start, pull, cancel, mark, size) {
    this.stream = stream;
    this.pull = pull;
    this.cancel = cancel;
    this.mark = mark;
    this.size = size;
    stream.controller = this;
    S.start(this, start);
  }

  get desiredSize() {
    const { state } = this.stream;
    if (state === "errored") return null;
    return state === "closed" ? 0 : this.mark - this.queue.total;
  }

  get open() {
    return !this.closeRequested && this.stream.state === "readable";
  }

  shouldPull() {
    if (!this.open || !this.started) return false;
    return this.stream.waiting > 0 || this.desiredSize > 0;
  }

  clear() {
    this.pull = this.cancel = this.size = undefined;
  }

  close() {
    if (!this.open) return;
    this.closeRequested = true;
    if (this.queue.length > 0) return;
    this.clear();
    this.stream.close();
  }

  enqueue(chunk) {
    if (!this.open) return;
    if (this.stream.waiting > 0) {
      this.stream.fulfil(chunk, false);
    } else {
      try {
        this.queue.push(chunk, this.size(chunk));
      } catch (error) {
        this.fail(error);
        throw error;
      }
    }
    S.pullIfNeeded(this);
  }

  fail(error) {
    if (this.stream.state !== "readable") return;
    this.queue.reset();
    this.clear();
    this.stream.fail(error);
  }

  cancelSteps(reason) {
    this.queue.reset();
    const result = this.cancel(reason);
    this.clear();
    return result;
  }

  pullSteps(request) {
    if (this.queue.length > 0) {
      const chunk = this.queue.shift();
      if (this.closeRequested && this.queue.length === 0) {
        this.clear();
        this.stream.close();
      } else {
        S.pullIfNeeded(this);
      }
      request.chunk(chunk);
      return;
    }
    this.stream.reader.requests.push(request);
    S.pullIfNeeded(this);
  }

  releaseSteps() {}
};

// start and pullIfNeeded are the same for both kinds of controllers.
S.start = (controller, start) => {
  when(
    resolved(start(controller)),
    () => {
      controller.started = true;
      S.pullIfNeeded(controller);
    },
    (error) => controller.fail(error),
  );
};

S.pullIfNeeded = (controller) => {
  if (!controller.shouldPull()) return;
  if (controller.pulling) {
    controller.pullAgain = true;
    return;
  }
  controller.pulling = true;
  when(
    controller.pull(controller),
    () => {
      controller.pulling = false;
      if (!controller.pullAgain) return;
      controller.pullAgain = false;
      S.pullIfNeeded(controller);
    },
    (error) => controller.fail(error),
  );
};

let stateOf;

class ReadableStreamDefaultController {
  #s;

  constructor(secret, state) {
    if (secret !== rip.SECRET) throw new TypeError("Illegal constructor");
    this.#s = state;
  }

  get desiredSize() {
    return this.#s.desiredSize;
  }

  close() {
    const state = this.#s;
    if (!state.open) throw new TypeError("the stream is closed, is about to be, or has failed");
    state.close();
  }

  enqueue(chunk = undefined) {
    const state = this.#s;
    if (!state.open) throw new TypeError("the stream is closed, is about to be, or has failed");
    state.enqueue(chunk);
  }

  error(error = undefined) {
    this.#s.fail(error);
  }
}

Object.defineProperty(ReadableStreamDefaultController, "length", { value: 0 });
rip.expose(ReadableStreamDefaultController);

// A stream of what internal functions give.
S.create = (start, pull, cancel, mark = 1, size = () => 1) => {
  const stream = new S.Readable();
  new S.Controller(stream, start, pull, cancel, mark, size);
  return stream;
};

// A stream of an app's source.
S.fromSource = (stream, source, methods, mark, size) => {
  let wrapper;
  const pull = S.method(methods.pull, "pull", source);
  const cancel = S.method(methods.cancel, "cancel", source);
  if (methods.start !== undefined) rip.callback(methods.start, "start");
  const start = (state) => {
    wrapper = new ReadableStreamDefaultController(rip.SECRET, state);
    return methods.start === undefined ? undefined : Reflect.apply(methods.start, source, [wrapper]);
  };
  new S.Controller(stream, start, () => pull(wrapper), cancel, mark, size);
};
