// TransformStream: https://streams.spec.whatwg.org/#ts-class

const rip = __rip;
const S = rip.streams;
const { SECRET } = rip;
const { when, resolved, rejected, deferred } = S;

// The methods of a transform that has ended: a write may still be on its way.
const ended = {
  transform: () => rejected(new TypeError("the transform has ended")),
  flush: () => resolved(undefined),
  cancel: () => resolved(undefined),
};

// The state of a TransformStream and of its controller.
S.Transform = class {
  backpressure = undefined;
  changed = null; // a deferred: backpressure has changed
  finish = null; // a deferred: close, abort or cancel is under way

  constructor(methods, writable, readable) {
    this.methods = methods;
    const started = deferred();
    this.started = started;
    this.writable = S.createWritable(
      () => started.promise,
      (chunk) => this.write(chunk),
      () => this.close(),
      (reason) => this.abort(reason),
      writable.mark,
      writable.size,
    );
    this.readable = S.create(
      () => started.promise,
      () => this.pull(),
      (reason) => this.cancel(reason),
      readable.mark,
      readable.size,
    );
    this.press(true);
  }

  press(backpressure) {
    this.changed?.resolve(undefined);
    this.changed = deferred();
    this.backpressure = backpressure;
  }

  unblock() {
    if (this.backpressure) this.press(false);
  }

  clear() {
    this.methods = ended;
  }

  fail(error) {
    this.readable.controller.fail(error);
    this.failWritable(error);
  }

  failWritable(error) {
    this.clear();
    this.writable.controller.failIfOpen(error);
    this.unblock();
  }

  enqueue(chunk) {
    const { controller } = this.readable;
    if (!controller.open) throw new TypeError("the readable side is closed, or has failed");
    try {
      controller.enqueue(chunk);
    } catch (error) {
      this.failWritable(error);
      throw this.readable.error;
    }
    const backpressure = !controller.shouldPull();
    if (backpressure !== this.backpressure) this.press(true);
  }

  terminate() {
    this.readable.controller.close();
    this.failWritable(new TypeError("the transform was terminated"));
  }

  transform(chunk) {
    return when(this.methods.transform(chunk), undefined, (error) => {
      this.fail(error);
      throw error;
    });
  }

  write(chunk) {
    if (!this.backpressure) return this.transform(chunk);
    return when(this.changed.promise, () => {
      if (this.writable.state === "erroring") throw this.writable.error;
      return this.transform(chunk);
    });
  }

  // ending runs one of close, abort and cancel, whichever is first.
  ending(method, done, failed) {
    if (this.finish !== null) return this.finish.promise;
    const finish = (this.finish = deferred());
    const result = method();
    this.clear();
    when(
      result,
      () => done(finish),
      (error) => {
        failed(error);
        finish.reject(error);
      },
    );
    return finish.promise;
  }

  abort(reason) {
    return this.ending(
      () => this.methods.cancel(reason),
      (finish) => {
        if (this.readable.state === "errored") {
          finish.reject(this.readable.error);
        } else {
          this.readable.controller.fail(reason);
          finish.resolve(undefined);
        }
      },
      (error) => this.readable.controller.fail(error),
    );
  }

  close() {
    return this.ending(
      () => this.methods.flush(),
      (finish) => {
        if (this.readable.state === "errored") {
          finish.reject(this.readable.error);
        } else {
          this.readable.controller.close();
          finish.resolve(undefined);
        }
      },
      (error) => this.readable.controller.fail(error),
    );
  }

  pull() {
    this.press(false);
    return this.changed.promise;
  }

  cancel(reason) {
    return this.ending(
      () => this.methods.cancel(reason),
      (finish) => {
        if (this.writable.state === "errored") {
          finish.reject(this.writable.error);
        } else {
          this.writable.controller.failIfOpen(reason);
          this.unblock();
          finish.resolve(undefined);
        }
      },
      (error) => {
        this.writable.controller.failIfOpen(error);
        this.unblock();
      },
    );
  }
};

class TransformStreamDefaultController {
  #s;

  constructor(secret, state) {
    if (secret !== SECRET) throw new TypeError("Illegal constructor");
    this.#s = state;
  }

  get desiredSize() {
    return this.#s.readable.controller.desiredSize;
  }

  enqueue(chunk = undefined) {
    this.#s.enqueue(chunk);
  }

  error(error = undefined) {
    this.#s.fail(error);
  }

  terminate() {
    this.#s.terminate();
  }
}

Object.defineProperty(TransformStreamDefaultController, "length", { value: 0 });
rip.expose(TransformStreamDefaultController);

const build = (given, writableStrategy, readableStrategy) => {
  const transformer = S.underlying(given, "the transformer");
  const write = S.strategy(writableStrategy);
  const read = S.strategy(readableStrategy);
  const { cancel, flush, readableType, start, transform, writableType } = transformer;
  for (const method of [cancel, flush, start, transform]) {
    if (method !== undefined) rip.callback(method, "a method of the transformer");
  }
  if (readableType !== undefined) throw new RangeError("a transformer has no readableType");
  if (writableType !== undefined) throw new RangeError("a transformer has no writableType");
  const readable = { mark: S.mark(read, 0), size: S.sizeOf(read) };
  const writable = { mark: S.mark(write, 1), size: S.sizeOf(write) };

  let wrapper;
  const change = S.method(transform, "transform", transformer, null);
  const end = S.method(flush, "flush", transformer);
  const state = new S.Transform(
    {
      transform: change === null ? (chunk) => pass(state, chunk) : (chunk) => change(chunk, wrapper),
      flush: () => end(wrapper),
      cancel: S.method(cancel, "cancel", transformer),
    },
    writable,
    readable,
  );
  wrapper = new TransformStreamDefaultController(SECRET, state);
  state.started.resolve(start === undefined ? undefined : Reflect.apply(start, transformer, [wrapper]));
  return state;
};

const pass = (state, chunk) => {
  try {
    state.enqueue(chunk);
    return resolved(undefined);
  } catch (error) {
    return rejected(error);
  }
};

class TransformStream {
  #readable;
  #writable;

  constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
    const state = transformer === SECRET ? writableStrategy : build(transformer, writableStrategy, readableStrategy);
    this.#readable = S.wrap(state.readable);
    this.#writable = S.wrapWritable(state.writable);
  }

  get readable() {
    return this.#readable;
  }

  get writable() {
    return this.#writable;
  }
}

rip.expose(TransformStream);

// createTransform is for the streams that are transforms of ours: transform
// and flush are called with the state, may throw, and return nothing; cancel is
// called when the stream ends in another way.
rip.createTransform = (transform, flush, cancel = () => {}) => {
  const call = (method, ...args) => {
    try {
      method(...args);
      return resolved(undefined);
    } catch (error) {
      return rejected(error);
    }
  };
  const state = new S.Transform(
    {
      transform: (chunk) => call(transform, chunk, state),
      flush: () => call(flush, state),
      cancel: () => call(cancel),
    },
    { mark: 1, size: () => 1 },
    { mark: 0, size: () => 1 },
  );
  state.started.resolve(undefined);
  return new TransformStream(SECRET, state);
};
