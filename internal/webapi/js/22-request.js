// Request: https://fetch.spec.whatwg.org/#request-class
//
// Headers, body and signal are made when they are asked for.

const rip = __rip;
const { SECRET, required, dictionary } = rip;

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const wellKnown = /^(?:delete|get|head|options|post|put)$/i;
const credentials = /^[^:]+:\/\/[^/?#]*@/;
const forbidden = /^(?:connect|trace|track)$/i;

const enums = {
  mode: ["same-origin", "no-cors", "cors", "navigate"],
  credentials: ["omit", "same-origin", "include"],
  cache: ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"],
  redirect: ["follow", "error", "manual"],
  referrerPolicy: [
    "", "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
    "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url",
  ],
  duplex: ["half"],
  priority: ["high", "low", "auto"],
};

const choose = (init, name) => {
  const value = init[name];
  if (value === undefined) return undefined;
  const text = rip.string(value);
  if (!enums[name].includes(text)) throw new TypeError(`${JSON.stringify(text)} is not a ${name} of a request`);
  return text;
};

const methodOf = (given) => {
  const method = rip.bytes(given);
  if (!token.test(method) || forbidden.test(method)) throw new TypeError(`${JSON.stringify(method)} is not a method of a request`);
  return wellKnown.test(method) ? method.toUpperCase() : method;
};

const addressOf = (input) => {
  const href = rip.parseURL(rip.usv(input));
  if (credentials.test(href)) throw new TypeError(`${href} has a user or a password`);
  return href;
};

const referrerOf = (given) => {
  const text = rip.usv(given);
  if (text === "") return "";
  const href = rip.parseURL(text);
  return href === "about:client" ? "about:client" : href;
};

const common = {
  mode: "cors",
  credentials: "same-origin",
  cache: "default",
  redirect: "follow",
  referrer: "about:client",
  referrerPolicy: "",
  integrity: "",
  keepalive: false,
};

// state: flags is what the attributes say that hardly anybody sets; signal the
// AbortSignal once there is one; follows the signals, or the states of other
// requests, that it is to follow; ended is set when the request was aborted
// before there was a signal.
const newState = (method, url, list, body, flags = common) => ({
  method, url, list, headers: null, body, flags, signal: null, follows: null, ended: null,
});

const headersOf = (state) => (state.headers ??= rip.headersOf(state.list));

const signalOf = (state) => {
  if (state.signal !== null) return state.signal;
  const { follows, ended } = state;
  if (ended !== null) return (state.signal = rip.abortedSignal(ended.reason));
  return (state.signal = rip.dependentSignal(follows === null ? [] : [follows instanceof rip.AbortSignal ? follows : signalOf(follows)]));
};

const build = (input, given) => {
  const from = input instanceof Request ? stateOf(input) : null;
  const init = dictionary(given, "the second argument of Request");
  const url = from === null ? addressOf(input) : from.url;

  const initBody = init.body;
  const cache = choose(init, "cache");
  const credentials = choose(init, "credentials");
  const duplex = choose(init, "duplex");
  const { headers, integrity, keepalive, method } = init;
  let mode = choose(init, "mode");
  choose(init, "priority");
  const redirect = choose(init, "redirect");
  const { referrer } = init;
  const referrerPolicy = choose(init, "referrerPolicy");
  const { signal } = init;

  if (init.window !== undefined && init.window !== null) throw new TypeError("window of a request can only be null");
  if (mode === "navigate") throw new TypeError('mode of a request cannot be "navigate"');
  if (signal !== undefined && signal !== null && !rip.is("AbortSignal", signal)) throw new TypeError("signal is not an AbortSignal");

  const flags = { ...(from === null ? common : from.flags) };
  if (given !== undefined && flags.mode === "navigate") flags.mode = "same-origin";
  if (referrer !== undefined) flags.referrer = referrerOf(referrer);
  if (referrerPolicy !== undefined) flags.referrerPolicy = referrerPolicy;
  if (mode !== undefined) flags.mode = mode;
  if (credentials !== undefined) flags.credentials = credentials;
  if (cache !== undefined) flags.cache = cache;
  if (flags.cache === "only-if-cached" && flags.mode !== "same-origin") {
    throw new TypeError('cache "only-if-cached" needs mode "same-origin"');
  }
  if (redirect !== undefined) flags.redirect = redirect;
  if (integrity !== undefined) flags.integrity = rip.string(integrity);
  if (keepalive !== undefined) flags.keepalive = !!keepalive;

  const name = method === undefined ? (from === null ? "GET" : from.method) : methodOf(method);
  if (flags.mode === "no-cors" && name !== "GET" && name !== "HEAD" && name !== "POST") {
    throw new TypeError(`mode "no-cors" does not go with ${name}`);
  }

  const state = newState(name, url, null, null, flags);
  if (signal !== undefined) state.follows = signal;
  else if (from !== null) state.follows = from;
  if (headers !== undefined) state.headers = new rip.Headers(headers);
  else state.headers = from === null ? new rip.Headers() : rip.headersCopy(headersOf(from));

  const inputBody = from === null ? null : from.body;
  const bodiless = name === "GET" || name === "HEAD";
  if (((initBody !== undefined && initBody !== null) || inputBody !== null) && bodiless) {
    throw new TypeError(`a ${name} request has no body`);
  }
  if (initBody !== undefined && initBody !== null) {
    const body = rip.extract(initBody, flags.keepalive);
    if (body.type !== null && !state.headers.has("content-type")) state.headers.append("content-type", body.type);
    if (body.source === null && duplex === undefined) throw new TypeError('a request with a stream for a body needs duplex: "half"');
    state.body = body;
  } else if (inputBody !== null) {
    if (rip.unusable(inputBody)) throw new TypeError("the body of the request was read already, or is locked");
    state.body = rip.moveBody(inputBody);
  }
  return state;
};

let stateOf;

class Request {
  #s;

  constructor(input, init = undefined) {
    if (input === SECRET) {
      this.#s = init;
      return;
    }
    required(1, arguments.length, "Request");
    this.#s = build(input, init);
  }

  get method() {
    return this.#s.method;
  }
  get url() {
    return this.#s.url;
  }
  get headers() {
    return headersOf(this.#s);
  }
  get destination() {
    this.#s;
    return "";
  }
  get referrer() {
    return this.#s.flags.referrer;
  }
  get referrerPolicy() {
    return this.#s.flags.referrerPolicy;
  }
  get mode() {
    return this.#s.flags.mode;
  }
  get credentials() {
    return this.#s.flags.credentials;
  }
  get cache() {
    return this.#s.flags.cache;
  }
  get redirect() {
    return this.#s.flags.redirect;
  }
  get integrity() {
    return this.#s.flags.integrity;
  }
  get keepalive() {
    return this.#s.flags.keepalive;
  }
  get isReloadNavigation() {
    this.#s;
    return false;
  }
  get isHistoryNavigation() {
    this.#s;
    return false;
  }
  get signal() {
    return signalOf(this.#s);
  }
  get duplex() {
    this.#s;
    return "half";
  }

  clone() {
    const state = this.#s;
    if (state.body !== null && rip.unusable(state.body)) throw new TypeError("the body of the request was read already, or is locked");
    const copy = newState(state.method, state.url, null, rip.cloneBody(state.body), state.flags);
    copy.headers = rip.headersCopy(headersOf(state));
    copy.follows = state;
    return new Request(SECRET, copy);
  }

  static {
    stateOf = (request) => request.#s;
  }
}

rip.bodyMixin(Request, (request) => stateOf(request));
rip.expose(Request);

rip.requestState = (request) => stateOf(request);
rip.newRequest = (method, url, list, body) => new Request(SECRET, newState(method, url, list, body));
rip.requestHeaders = (request) => rip.headersList(headersOf(stateOf(request)));

// abortRequest tells the app that nobody waits for the answer any more.
rip.abortRequest = (request, reason) => {
  const state = stateOf(request);
  if (state.signal === null) state.ended ??= { reason };
  else rip.signalAbort(state.signal, reason);
};
