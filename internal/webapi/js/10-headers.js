// Headers: https://fetch.spec.whatwg.org/#headers-class
//
// The list is flat, name, value, name, value, names in lower case. What comes
// with a request is kept as the text of its head until somebody asks.
//
// The names that a browser forbids (cookie, host, set-cookie) are a server's
// daily work and are allowed here. The guard "immutable" is kept.

const rip = __rip;
const { SECRET, bytes, required } = rip;

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const unclean = /[^ -~]|^ | $/;
const edges = /^[\t\n\r ]+|[\t\n\r ]+$/g;
const broken = /[\0\n\r]/;

// Names repeat from request to request: what a name becomes is remembered.
const names = new Map();

const lowerName = (given) => {
  const held = names.get(given);
  if (held !== undefined) return held;
  const name = bytes(given);
  if (!token.test(name)) throw new TypeError(`${JSON.stringify(name)} is not a header name`);
  const lower = name.toLowerCase();
  if (names.size < 1000) names.set(name, lower);
  return lower;
};

const cleanValue = (given) => {
  if (typeof given === "string" && !unclean.test(given)) return given;
  const value = bytes(given).replace(edges, "");
  if (broken.test(value)) throw new TypeError(`${JSON.stringify(value)} is not a header value`);
  return value;
};

// parseHead reads the lines of a head that our own server has already checked.
const parseHead = (text) => {
  const list = [];
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.slice(colon + (line.charCodeAt(colon + 1) === 32 ? 2 : 1));
    list.push(lowerName(line.slice(0, colon)), unclean.test(value) ? value.replace(edges, "") : value);
  }
  return list;
};

const listOf = (state) => {
  const { list } = state;
  if (typeof list === "string") return (state.list = parseHead(list));
  if (!state.lower) {
    for (let i = 0; i < list.length; i += 2) list[i] = lowerName(list[i]);
    state.lower = true;
  }
  return list;
};

const find = (list, name) => {
  let found = null;
  for (let i = 0; i < list.length; i += 2) {
    if (list[i] === name) found = found === null ? list[i + 1] : `${found}, ${list[i + 1]}`;
  }
  return found;
};

const remove = (list, name) => {
  let to = 0;
  for (let i = 0; i < list.length; i += 2) {
    if (list[i] === name) continue;
    list[to++] = list[i];
    list[to++] = list[i + 1];
  }
  list.length = to;
};

const put = (list, name, value) => {
  for (let i = 0; i < list.length; i += 2) {
    if (list[i] !== name) continue;
    list[i + 1] = value;
    for (let j = i + 2; j < list.length; ) {
      if (list[j] === name) list.splice(j, 2);
      else j += 2;
    }
    return;
  }
  list.push(name, value);
};

// Sorted and combined, set-cookie alone as often as it comes.
const sorted = (state) => {
  if (state.sorted !== null) return state.sorted;
  const list = listOf(state);
  const seen = [...new Set(list.filter((_, i) => i % 2 === 0))].sort();
  const pairs = [];
  for (const name of seen) {
    if (name === "set-cookie") {
      for (let i = 0; i < list.length; i += 2) if (list[i] === name) pairs.push([name, list[i + 1]]);
    } else {
      pairs.push([name, find(list, name)]);
    }
  }
  return (state.sorted = pairs);
};

const change = (state) => {
  if (state.immutable) throw new TypeError("these headers are immutable");
  state.sorted = null;
  return listOf(state);
};

const newState = (list) => ({ list, lower: true, immutable: false, sorted: null });

const fill = (list, init) => {
  if (init instanceof Headers && init[Symbol.iterator] === entries) {
    const from = stateOf(init);
    for (const item of list.length === 0 ? listOf(from) : sorted(from).flat()) list.push(item);
    return;
  }
  if (!rip.isObject(init)) throw new TypeError("headers are neither a list of pairs nor an object");
  const iterate = init[Symbol.iterator];
  if (iterate !== undefined && iterate !== null) {
    rip.callback(iterate, "the iterator of the headers");
    for (const item of { [Symbol.iterator]: () => Reflect.apply(iterate, init, []) }) {
      if (!rip.isObject(item)) throw new TypeError("a pair of headers is not a list");
      const pair = [...item].map(bytes);
      if (pair.length !== 2) throw new TypeError("a pair of headers has two items");
      list.push(lowerName(pair[0]), cleanValue(pair[1]));
    }
    return;
  }
  // Everything is converted before anything is checked.
  const keys = Reflect.ownKeys(init);
  const pairs = [];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (!isEnumerable(init, key)) continue;
    if (typeof key === "symbol") throw new TypeError("a symbol is not a header name");
    if (!names.has(key)) bytes(key);
    pairs.push(key, bytes(init[key]));
  }
  for (let i = 0; i < pairs.length; i += 2) list.push(lowerName(pairs[i]), cleanValue(pairs[i + 1]));
};

const isEnumerable = Function.prototype.call.bind(Object.prototype.propertyIsEnumerable);

let stateOf;

class Headers {
  #s;

  constructor(init = undefined, state = undefined) {
    if (init === SECRET) {
      this.#s = state;
      return;
    }
    this.#s = newState([]);
    if (init !== undefined) fill(this.#s.list, init);
  }

  append(name, value) {
    const state = this.#s;
    required(2, arguments.length, "Headers.append");
    const lower = lowerName(name);
    change(state).push(lower, cleanValue(value));
  }

  delete(name) {
    const state = this.#s;
    required(1, arguments.length, "Headers.delete");
    const lower = lowerName(name);
    remove(change(state), lower);
  }

  get(name) {
    const state = this.#s;
    required(1, arguments.length, "Headers.get");
    return find(listOf(state), lowerName(name));
  }

  getSetCookie() {
    const list = listOf(this.#s);
    return list.filter((_, i) => i % 2 === 1 && list[i - 1] === "set-cookie");
  }

  has(name) {
    const state = this.#s;
    required(1, arguments.length, "Headers.has");
    return find(listOf(state), lowerName(name)) !== null;
  }

  set(name, value) {
    const state = this.#s;
    required(2, arguments.length, "Headers.set");
    const lower = lowerName(name);
    const clean = cleanValue(value);
    put(change(state), lower, clean);
  }

  forEach(callback, thisArg = undefined) {
    const state = this.#s;
    required(1, arguments.length, "Headers.forEach");
    rip.callback(callback, "the callback of Headers.forEach");
    for (let i = 0; i < sorted(state).length; i++) {
      const [name, value] = sorted(state)[i];
      Reflect.apply(callback, thisArg, [value, name, this]);
    }
  }

  entries() {
    return makeIterator(this.#s, 0);
  }

  keys() {
    return makeIterator(this.#s, 1);
  }

  values() {
    return makeIterator(this.#s, 2);
  }

  static {
    stateOf = (headers) => headers.#s;
  }
}

const { entries } = Headers.prototype;
Object.defineProperty(Headers.prototype, Symbol.iterator, { value: entries, writable: true, configurable: true });
const makeIterator = rip.iterator("Headers", sorted);
rip.expose(Headers);

// headersOf makes Headers of a list that is ours: flat, or the text of a head.
rip.headersOf = (list) => new Headers(SECRET, { list, lower: false, immutable: false, sorted: null });
rip.headersCopy = (headers) => new Headers(SECRET, newState([...listOf(stateOf(headers))]));
// headersFrom is the list of new Headers(init), without the object.
rip.headersFrom = (init) => {
  const list = [];
  fill(list, init);
  return list;
};
rip.headersList = (headers) => listOf(stateOf(headers));
rip.headersLock = (headers) => {
  stateOf(headers).immutable = true;
  return headers;
};
