// Streams as async iterables, and of them:
// https://streams.spec.whatwg.org/#rs-asynciterator

const rip = __rip;
const S = rip.streams;
const { when, resolved, rejected, deferred } = S;

const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {}).prototype));

let make;

class Iteration {
  #reader;
  #preventCancel;
  #ongoing = null;
  #done = false;

  static {
    make = (reader, preventCancel) => {
      const iteration = new Iteration();
      iteration.#reader = reader;
      iteration.#preventCancel = preventCancel;
      return iteration;
    };
  }

  // after runs a step when the one before it has ended; at once, if that was
  // before: this engine leaves a loop without waiting for what return promises.
  #after(step) {
    const next = this.#ongoing === null ? step() : when(this.#ongoing, step, step);
    const end = () => {
      if (this.#ongoing === next) this.#ongoing = null;
    };
    this.#ongoing = next;
    when(next, end, end);
    return next;
  }

  next() {
    try {
      return this.#after(() => this.#next());
    } catch (error) {
      return rejected(error);
    }
  }

  #next() {
    if (this.#done) return resolved({ value: undefined, done: true });
    const result = deferred();
    const end = () => {
      this.#done = true;
      this.#reader.release();
    };
    this.#reader.read({
      chunk: (value) => S.soon(() => result.resolve({ value, done: false })),
      close: () => {
        end();
        result.resolve({ value: undefined, done: true });
      },
      error: (error) => {
        end();
        result.reject(error);
      },
    });
    return result.promise;
  }

  return(value = undefined) {
    try {
      return this.#after(() => this.#return(value));
    } catch (error) {
      return rejected(error);
    }
  }

  #return(value) {
    const end = { value, done: true };
    if (this.#done) return resolved(end);
    this.#done = true;
    const reader = this.#reader;
    const result = this.#preventCancel ? resolved(undefined) : reader.cancel(value);
    reader.release();
    return when(result, () => end);
  }
}

delete Iteration.prototype.constructor;
Object.setPrototypeOf(Iteration.prototype, AsyncIteratorPrototype);
for (const name of ["next", "return"]) Object.defineProperty(Iteration.prototype, name, { enumerable: true });
Object.defineProperty(Iteration.prototype, Symbol.toStringTag, { value: "ReadableStream AsyncIterator", configurable: true });

S.iterate = (reader, preventCancel) => make(reader, preventCancel);

const iteratorOf = (iterable) => {
  const method = iterable[Symbol.asyncIterator];
  if (method !== undefined && method !== null) {
    const iterator = Reflect.apply(rip.callback(method, "the async iterator method"), iterable, []);
    if (!rip.isObject(iterator)) throw new TypeError("the async iterator is not an object");
    return { iterator, next: iterator.next, result: (value) => value };
  }
  const sync = rip.callback(iterable[Symbol.iterator], "the iterator method");
  const iterator = Reflect.apply(sync, iterable, []);
  if (!rip.isObject(iterator)) throw new TypeError("the iterator is not an object");
  // The values of an iterator that is not async may be promises.
  const result = (step) => {
    if (!rip.isObject(step)) throw new TypeError("the result of the iterator is not an object");
    const { done, value } = step;
    return when(resolved(value), (settled) => ({ done: !!done, value: settled }));
  };
  return { iterator, next: iterator.next, result };
};

S.fromIterable = (iterable) => {
  if (iterable === null || iterable === undefined) throw new TypeError("the argument is not iterable");
  const { iterator, next, result } = iteratorOf(iterable);
  const step = (method, args) => {
    try {
      return resolved(result(Reflect.apply(method, iterator, args)));
    } catch (error) {
      return rejected(error);
    }
  };
  const pull = (controller) =>
    when(step(next, []), (item) => {
      if (!rip.isObject(item)) throw new TypeError("the result of the iterator is not an object");
      if (item.done) controller.close();
      else controller.enqueue(item.value);
    });
  const cancel = (reason) => {
    let end;
    try {
      end = iterator.return;
    } catch (error) {
      return rejected(error);
    }
    if (end === undefined || end === null) return resolved(undefined);
    return when(step(end, [reason]), (item) => {
      if (!rip.isObject(item)) throw new TypeError("the result of the iterator's return is not an object");
    });
  };
  return S.create(() => undefined, pull, cancel, 0);
};
