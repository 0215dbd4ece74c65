// Response: https://fetch.spec.whatwg.org/#response-class
//
// A response with a string for a body is three small objects; its Headers are
// made when somebody asks for them.

const rip = __rip;
const { SECRET, dictionary, required } = rip;

const reason = /^[\t\x20-\x7e\x80-\xff]*$/;
const nullBody = (status) => status === 204 || status === 205 || status === 304 || status === 101 || status === 103;
const redirects = new Set([301, 302, 303, 307, 308]);

const newState = (status, statusText, list, body) => ({
  status, statusText, list, headers: null, body, type: "default", url: "", redirected: false, immutable: false,
});

const headersOf = (state) => {
  if (state.headers === null) {
    state.headers = rip.headersOf(state.list);
    if (state.immutable) rip.headersLock(state.headers);
  }
  return state.headers;
};

const listOf = (state) => (state.headers === null ? state.list : rip.headersList(state.headers));

const hasType = (list) => {
  for (let i = 0; i < list.length; i += 2) if (list[i] === "content-type") return true;
  return false;
};

// build is "initialize a response".
const build = (given, body) => {
  let status = 200;
  let statusText = "";
  let list = [];
  if (given !== undefined && given !== null) {
    const init = dictionary(given, "the second argument of Response");
    const { headers } = init;
    if (init.status !== undefined) {
      status = +init.status;
      status = Number.isFinite(status) ? Math.trunc(status) & 0xffff : 0;
    }
    if (init.statusText !== undefined) statusText = rip.bytes(init.statusText);
    if (headers !== undefined) list = rip.headersFrom(headers);
    if (status < 200 || status > 599) throw new RangeError(`${status} is not a status of a response`);
    if (statusText !== "" && !reason.test(statusText)) throw new TypeError(`${JSON.stringify(statusText)} is not a reason phrase`);
  }
  if (body !== null) {
    if (nullBody(status)) throw new TypeError(`a response with status ${status} has no body`);
    if (body.type !== null && !hasType(list)) list.push("content-type", body.type);
  }
  return newState(status, statusText, list, body);
};

let stateOf;
let isResponse;

class Response {
  #s;

  constructor(body = null, init = undefined) {
    if (body === SECRET) {
      this.#s = init;
      return;
    }
    this.#s = build(init, body === null ? null : rip.extract(body));
  }

  static error() {
    const state = newState(0, "", [], null);
    state.type = "error";
    state.immutable = true;
    return new Response(SECRET, state);
  }

  static redirect(url, status = 302) {
    required(1, arguments.length, "Response.redirect");
    const href = rip.parseURL(rip.usv(url));
    const code = +status & 0xffff;
    if (!redirects.has(code)) throw new RangeError(`${code} is not a status of a redirect`);
    const state = newState(code, "", ["location", rip.bytes(href)], null);
    state.immutable = true;
    return new Response(SECRET, state);
  }

  static json(data, init = undefined) {
    required(1, arguments.length, "Response.json");
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError("the value has no JSON");
    return new Response(SECRET, build(init, rip.newBody(rip.usv(text), null, "application/json")));
  }

  get type() {
    return this.#s.type;
  }
  get url() {
    return this.#s.url;
  }
  get redirected() {
    return this.#s.redirected;
  }
  get status() {
    return this.#s.status;
  }
  get ok() {
    const { status } = this.#s;
    return status >= 200 && status <= 299;
  }
  get statusText() {
    return this.#s.statusText;
  }
  get headers() {
    return headersOf(this.#s);
  }

  clone() {
    const state = this.#s;
    if (state.body !== null && rip.unusable(state.body)) throw new TypeError("the body of the response was read already, or is locked");
    return new Response(SECRET, { ...state, list: [...listOf(state)], headers: null, body: rip.cloneBody(state.body) });
  }

  static {
    stateOf = (response) => response.#s;
    isResponse = (value) => #s in value;
  }
}

rip.bodyMixin(Response, (response) => stateOf(response));
rip.expose(Response);

rip.responseState = (response) => stateOf(response);
rip.responseList = (response) => listOf(stateOf(response));
rip.isResponse = (value) => typeof value === "object" && value !== null && isResponse(value);

// fetched is for the outgoing fetch: what came back from url.
rip.fetched = (status, statusText, list, body, url, redirected) => {
  const state = newState(status, statusText, list, body);
  state.type = "basic";
  state.url = url;
  state.redirected = redirected;
  state.immutable = true;
  return new Response(SECRET, state);
};
