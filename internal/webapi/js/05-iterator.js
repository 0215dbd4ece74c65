// The iterator objects of Web IDL, for Headers, FormData and URLSearchParams:
// https://webidl.spec.whatwg.org/#es-iterable
//
// rip.iterator(name, pairs) returns make(state, kind): an iterator over what
// pairs(state) returns, looked at anew on every step so that changes show.
// kind is 0 for entries, 1 for keys, 2 for values.

const rip = __rip;
const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

rip.iterator = (name, pairs) => {
  let make;

  class Step {
    #state;
    #kind;
    #index = 0;

    constructor(state, kind) {
      this.#state = state;
      this.#kind = kind;
    }

    next() {
      const list = pairs(this.#state);
      if (this.#index >= list.length) return { value: undefined, done: true };
      const [key, value] = list[this.#index++];
      if (this.#kind === 0) return { value: [key, value], done: false };
      return { value: this.#kind === 1 ? key : value, done: false };
    }

    static {
      make = (state, kind) => new Step(state, kind);
    }
  }

  const proto = Step.prototype;
  delete proto.constructor;
  Object.setPrototypeOf(proto, IteratorPrototype);
  Object.defineProperty(proto, "next", { enumerable: true });
  Object.defineProperty(proto, Symbol.toStringTag, { value: `${name} Iterator`, configurable: true });
  return make;
};
