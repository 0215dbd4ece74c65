// EventTarget: https://dom.spec.whatwg.org/#interface-eventtarget
//
// There is no tree of targets here: a dispatched event has one target.

const rip = __rip;
const { required, eventState, eventPhases } = rip;

// report is for what a listener throws: it ends up where an unhandled
// rejection does.
rip.report = (error) => void Promise.reject(error);

const flatten = (options) => (rip.isObject(options) ? !!options.capture : !!options);

const callbackOf = (callback) => {
  if (callback === null || callback === undefined) return null;
  if (!rip.isObject(callback)) throw new TypeError("the listener is neither a function nor an object");
  return callback;
};

const invoke = (listener, event, target) => {
  const { callback } = listener;
  try {
    if (typeof callback === "function") {
      Reflect.apply(callback, target, [event]);
      return;
    }
    const { handleEvent } = callback;
    if (typeof handleEvent !== "function") throw new TypeError("handleEvent of the listener is not a function");
    Reflect.apply(handleEvent, callback, [event]);
  } catch (error) {
    rip.report(error);
  }
};

const dispatch = (target, listeners, event) => {
  const state = eventState(event);
  state.dispatching = true;
  state.target = target;
  state.current = target;
  state.phase = eventPhases.AT_TARGET;
  if (listeners !== null && !state.stopped) {
    const { type } = state;
    const found = listeners.filter((listener) => listener.type === type);
    for (const capture of [true, false]) {
      for (const listener of found) {
        if (listener.capture !== capture || listener.removed) continue;
        if (capture === false && state.stopped) break;
        if (listener.once) remove(listeners, listener);
        state.passive = listener.passive;
        invoke(listener, event, target);
        state.passive = false;
        if (state.stoppedNow) break;
      }
      if (state.stoppedNow) break;
    }
  }
  state.phase = eventPhases.NONE;
  state.current = null;
  state.dispatching = false;
  state.stopped = state.stoppedNow = false;
  return !state.canceled;
};

const remove = (listeners, listener) => {
  listener.removed = true;
  const index = listeners.indexOf(listener);
  if (index >= 0) listeners.splice(index, 1);
};

let fire;
let count;

class EventTarget {
  #listeners = null;

  addEventListener(type, callback, options = undefined) {
    const self = this ?? globalThis;
    self.#listeners;
    required(2, arguments.length, "EventTarget.addEventListener");
    const name = rip.string(type);
    const called = callbackOf(callback);
    const capture = flatten(options);
    let once = false;
    let passive = false;
    let signal;
    if (rip.isObject(options)) {
      once = !!options.once;
      passive = !!options.passive;
      ({ signal } = options);
      if (signal !== undefined && !rip.is("AbortSignal", signal)) throw new TypeError("signal is not an AbortSignal");
    }
    if (signal?.aborted || called === null) return;
    const listeners = (self.#listeners ??= []);
    if (listeners.some((l) => l.type === name && l.callback === called && l.capture === capture)) return;
    const listener = { type: name, callback: called, capture, once, passive, removed: false };
    listeners.push(listener);
    rip.listened(self);
    if (signal !== undefined) rip.onAbort(signal, () => remove(listeners, listener));
  }

  removeEventListener(type, callback, options = undefined) {
    const self = this ?? globalThis;
    const listeners = self.#listeners;
    required(2, arguments.length, "EventTarget.removeEventListener");
    const name = rip.string(type);
    const called = callbackOf(callback);
    const capture = flatten(options);
    const listener = listeners?.find((l) => l.type === name && l.callback === called && l.capture === capture);
    if (listener !== undefined) remove(listeners, listener);
    rip.listened(self);
  }

  dispatchEvent(event) {
    const self = this ?? globalThis;
    self.#listeners;
    required(1, arguments.length, "EventTarget.dispatchEvent");
    if (!(event instanceof rip.Event)) throw new TypeError("what is dispatched is not an Event");
    const state = eventState(event);
    if (state.dispatching || !state.initialized) {
      throw new rip.DOMException("the event is being dispatched already", "InvalidStateError");
    }
    state.trusted = false;
    return dispatch(self, self.#listeners, event);
  }

  static {
    fire = (target, event) => dispatch(target, target.#listeners, event);
    count = (target) => target.#listeners?.length ?? 0;
  }
}

rip.expose(EventTarget);
rip.fire = (target, event) => fire(target, event);
rip.listenerCount = (target) => count(target);
rip.listened = () => {};
