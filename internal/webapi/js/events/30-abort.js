// AbortController and AbortSignal: https://dom.spec.whatwg.org/#aborting-ongoing-activities

const rip = __rip;
const { SECRET, required } = rip;

const LONGEST = Number.MAX_SAFE_INTEGER;

const abortError = () => new rip.DOMException("This operation was aborted", "AbortError");
const timeoutError = () => new rip.DOMException("The operation was aborted due to timeout", "TimeoutError");

// state: sources are the signals that a dependent signal follows. Each of them
// knows its dependents weakly, and strongly (held) those that somebody listens
// to: a signal that lives as long as the server must not keep every signal
// that was ever made of it.
const newState = () => ({
  aborted: false, reason: undefined, algorithms: null, handler: null,
  dependent: false, sources: [], dependents: null, held: null, room: 8,
});

let stateOf;

class AbortSignal extends rip.EventTarget {
  #s = newState();

  constructor(secret) {
    if (secret !== SECRET) throw new TypeError("Illegal constructor");
    super();
  }

  static abort(reason = undefined) {
    return abortedSignal(reason === undefined ? abortError() : reason);
  }

  static timeout(milliseconds) {
    required(1, arguments.length, "AbortSignal.timeout");
    const time = rip.enforceRange(milliseconds, LONGEST, "the time");
    const signal = new AbortSignal(SECRET);
    rip.setTimeout(() => abort(signal, timeoutError()), time);
    return signal;
  }

  static any(signals) {
    required(1, arguments.length, "AbortSignal.any");
    const list = [...rip.sequence(signals, "the argument of AbortSignal.any")];
    for (const signal of list) {
      if (!rip.is("AbortSignal", signal)) throw new TypeError("one of the signals is not an AbortSignal");
    }
    return dependentSignal(list);
  }

  get aborted() {
    return this.#s.aborted;
  }
  get reason() {
    return this.#s.reason;
  }
  throwIfAborted() {
    const { aborted, reason } = this.#s;
    if (aborted) throw reason;
  }

  get onabort() {
    return this.#s.handler?.callback ?? null;
  }
  set onabort(value) {
    const state = this.#s;
    const callback = rip.isObject(value) ? value : null;
    if (state.handler !== null) {
      if (callback === null) this.removeEventListener("abort", state.handler.listener);
      else state.handler.callback = callback;
    }
    if (callback === null) state.handler = null;
    else if (state.handler === null) {
      const handler = { callback, listener: null };
      handler.listener = (event) => {
        if (typeof handler.callback === "function") Reflect.apply(handler.callback, this, [event]);
      };
      state.handler = handler;
      this.addEventListener("abort", handler.listener);
    }
  }

  static {
    stateOf = (signal) => signal.#s;
  }
}

const abortedSignal = (reason) => {
  const signal = new AbortSignal(SECRET);
  const state = stateOf(signal);
  state.aborted = true;
  state.reason = reason;
  return signal;
};

const follow = (source, signal) => {
  const state = stateOf(source);
  const dependents = (state.dependents ??= new Set());
  if (dependents.size >= state.room) {
    for (const ref of dependents) if (ref.deref() === undefined) dependents.delete(ref);
    state.room = Math.max(8, dependents.size * 2);
  }
  dependents.add(new WeakRef(signal));
  stateOf(signal).sources.push(source);
};

const dependentSignal = (signals) => {
  const result = new AbortSignal(SECRET);
  const state = stateOf(result);
  state.dependent = true;
  for (const signal of signals) {
    const { aborted, reason } = stateOf(signal);
    if (aborted) {
      state.aborted = true;
      state.reason = reason;
      return result;
    }
  }
  for (const signal of signals) {
    const { dependent, sources } = stateOf(signal);
    for (const source of dependent ? sources : [signal]) {
      if (!state.sources.includes(source)) follow(source, result);
    }
  }
  return result;
};

const run = (signal) => {
  const state = stateOf(signal);
  const { algorithms } = state;
  state.algorithms = null;
  if (algorithms !== null) for (const algorithm of algorithms) algorithm();
  rip.fire(signal, rip.trustedEvent("abort"));
};

const abort = (signal, reason) => {
  const state = stateOf(signal);
  if (state.aborted) return;
  state.aborted = true;
  state.reason = reason;
  const following = [];
  for (const ref of state.dependents ?? []) {
    const dependent = ref.deref();
    if (dependent === undefined || stateOf(dependent).aborted) continue;
    stateOf(dependent).aborted = true;
    stateOf(dependent).reason = reason;
    following.push(dependent);
  }
  state.dependents = state.held = null;
  run(signal);
  following.forEach(run);
};

// hold has the sources of a dependent signal keep it while somebody listens.
const hold = (signal) => {
  const { dependent, sources, algorithms } = stateOf(signal);
  if (!dependent) return;
  const listens = (algorithms?.size ?? 0) > 0 || rip.listenerCount(signal) > 0;
  for (const source of sources) {
    const state = stateOf(source);
    if (listens) (state.held ??= new Set()).add(signal);
    else state.held?.delete(signal);
  }
};

rip.listened = (target) => {
  if (target instanceof AbortSignal) hold(target);
};

class AbortController {
  #signal = new AbortSignal(SECRET);

  get signal() {
    return this.#signal;
  }

  abort(reason = undefined) {
    abort(this.#signal, reason === undefined ? abortError() : reason);
  }
}

rip.expose(AbortSignal);
rip.expose(AbortController);

// onAbort has algorithm called once when signal is aborted; offAbort forgets it.
rip.onAbort = (signal, algorithm) => {
  const state = stateOf(signal);
  if (state.aborted) return;
  (state.algorithms ??= new Set()).add(algorithm);
  hold(signal);
};
rip.offAbort = (signal, algorithm) => {
  stateOf(signal).algorithms?.delete(algorithm);
  hold(signal);
};

rip.abortedSignal = (reason = abortError()) => abortedSignal(reason);
rip.dependentSignal = dependentSignal;
rip.signalAbort = (signal, reason = abortError()) => abort(signal, reason);
