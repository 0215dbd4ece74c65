// Event, CustomEvent and ErrorEvent: https://dom.spec.whatwg.org/#events

const rip = __rip;
const { required, dictionary } = rip;

const phases = { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 };

// isTrusted is a property of every event itself, as Web IDL wants it.
const { get: isTrusted } = Object.getOwnPropertyDescriptor(
  {
    get isTrusted() {
      return stateOf(this).trusted;
    },
  },
  "isTrusted",
);
const unforgeable = { get: isTrusted, enumerable: true, configurable: false };

let stateOf;

class Event {
  #s;

  constructor(type, init = undefined) {
    required(1, arguments.length, "Event");
    const { bubbles, cancelable, composed } = dictionary(init, "the second argument of Event");
    this.#s = {
      type: rip.string(type),
      bubbles: !!bubbles,
      cancelable: !!cancelable,
      composed: !!composed,
      canceled: false,
      stopped: false,
      stoppedNow: false,
      passive: false,
      dispatching: false,
      initialized: true,
      trusted: false,
      target: null,
      current: null,
      phase: phases.NONE,
      time: rip.performance.now(),
    };
    Object.defineProperty(this, "isTrusted", unforgeable);
  }

  get type() {
    return this.#s.type;
  }
  get target() {
    return this.#s.target;
  }
  get srcElement() {
    return this.#s.target;
  }
  get currentTarget() {
    return this.#s.current;
  }
  composedPath() {
    const { current } = this.#s;
    return current === null ? [] : [current];
  }
  get eventPhase() {
    return this.#s.phase;
  }
  stopPropagation() {
    this.#s.stopped = true;
  }
  get cancelBubble() {
    return this.#s.stopped;
  }
  set cancelBubble(value) {
    if (value) this.#s.stopped = true;
    else this.#s;
  }
  stopImmediatePropagation() {
    this.#s.stopped = true;
    this.#s.stoppedNow = true;
  }
  get bubbles() {
    return this.#s.bubbles;
  }
  get cancelable() {
    return this.#s.cancelable;
  }
  get returnValue() {
    return !this.#s.canceled;
  }
  set returnValue(value) {
    const state = this.#s;
    if (!value) cancel(state);
  }
  preventDefault() {
    cancel(this.#s);
  }
  get defaultPrevented() {
    return this.#s.canceled;
  }
  get composed() {
    return this.#s.composed;
  }
  get timeStamp() {
    return this.#s.time;
  }
  initEvent(type, bubbles = false, cancelable = false) {
    const state = this.#s;
    required(1, arguments.length, "Event.initEvent");
    if (state.dispatching) return;
    state.type = rip.string(type);
    state.bubbles = !!bubbles;
    state.cancelable = !!cancelable;
    state.initialized = true;
    state.stopped = state.stoppedNow = state.canceled = state.trusted = false;
    state.target = null;
  }

  static {
    stateOf = (event) => event.#s;
  }
}

const cancel = (state) => {
  if (state.cancelable && !state.passive) state.canceled = true;
};

for (const [name, value] of Object.entries(phases)) {
  Object.defineProperty(Event, name, { value, enumerable: true });
  Object.defineProperty(Event.prototype, name, { value, enumerable: true });
}

class CustomEvent extends Event {
  #detail;

  constructor(type, init = undefined) {
    required(1, arguments.length, "CustomEvent");
    super(type, init);
    const { detail } = dictionary(init, "the second argument of CustomEvent");
    this.#detail = detail === undefined ? null : detail;
  }

  get detail() {
    return this.#detail;
  }

  initCustomEvent(type, bubbles = false, cancelable = false, detail = null) {
    this.#detail;
    required(1, arguments.length, "CustomEvent.initCustomEvent");
    if (stateOf(this).dispatching) return;
    this.initEvent(type, bubbles, cancelable);
    this.#detail = detail;
  }
}

class ErrorEvent extends Event {
  #given;

  constructor(type, init = undefined) {
    required(1, arguments.length, "ErrorEvent");
    super(type, init);
    const given = dictionary(init, "the second argument of ErrorEvent");
    this.#given = {
      message: given.message === undefined ? "" : rip.string(given.message),
      filename: given.filename === undefined ? "" : rip.usv(given.filename),
      lineno: given.lineno >>> 0,
      colno: given.colno >>> 0,
      error: given.error,
    };
  }

  get message() {
    return this.#given.message;
  }
  get filename() {
    return this.#given.filename;
  }
  get lineno() {
    return this.#given.lineno;
  }
  get colno() {
    return this.#given.colno;
  }
  get error() {
    return this.#given.error;
  }
}

for (const Class of [Event, CustomEvent, ErrorEvent]) rip.expose(Class);

rip.eventState = (event) => stateOf(event);
rip.eventPhases = phases;
rip.trustedEvent = (type) => {
  const event = new Event(type);
  stateOf(event).trusted = true;
  return event;
};
