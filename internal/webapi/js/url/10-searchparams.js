// URLSearchParams: https://url.spec.whatwg.org/#interface-urlsearchparams

const rip = __rip;
const host = __host;
const { usv, required } = rip;

// Bytes that are no UTF-8 are rare; everything else is decoded by the engine.
const decodeBroken = (text) => {
  const bytes = [];
  for (let i = 0; i < text.length; i++) {
    const hex = text[i] === "%" ? text.slice(i + 1, i + 3) : "";
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      bytes.push(parseInt(hex, 16));
      i += 2;
    } else {
      const c = String.fromCodePoint(text.codePointAt(i));
      bytes.push(...new Uint8Array(host.utf8Encode(c)));
      i += c.length - 1;
    }
  }
  return host.utf8Decode(new Uint8Array(bytes));
};

const decode = (text) => {
  if (text.includes("+")) text = text.replaceAll("+", " ");
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return decodeBroken(text);
  }
};

const safe = /^[\w*\-.]*$/;
const escapes = { "!": "%21", "'": "%27", "(": "%28", ")": "%29", "~": "%7E", "%20": "+" };
const encode = (text) =>
  safe.test(text) ? text : encodeURIComponent(text).replace(/[!'()~]|%20/g, (found) => escapes[found]);

// rip.parseQuery and rip.serializeQuery are application/x-www-form-urlencoded,
// as pairs and as text.
rip.parseQuery = (text) => {
  const list = [];
  for (const part of text.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    if (equals < 0) list.push([decode(part), ""]);
    else list.push([decode(part.slice(0, equals)), decode(part.slice(equals + 1))]);
  }
  return list;
};

rip.serializeQuery = (list) => {
  let text = "";
  for (const [name, value] of list) text += `${text === "" ? "" : "&"}${encode(name)}=${encode(value)}`;
  return text;
};

const pairOf = (pair) => {
  if (!rip.isObject(pair) || pair[Symbol.iterator] == null) throw new TypeError("URLSearchParams: an entry is not a pair");
  const [...both] = pair;
  if (both.length !== 2) throw new TypeError("URLSearchParams: an entry is not a pair");
  return [usv(both[0]), usv(both[1])];
};

const recordOf = (record) => {
  const map = new Map();
  for (const key of Reflect.ownKeys(record)) {
    if (!Reflect.getOwnPropertyDescriptor(record, key)?.enumerable) continue;
    if (typeof key === "symbol") throw new TypeError("URLSearchParams: a name is a symbol");
    map.set(usv(key), usv(record[key]));
  }
  return [...map];
};

const listOf = (init) => {
  if (rip.isObject(init)) {
    if (init[Symbol.iterator] != null) return Array.from(init, pairOf);
    return recordOf(init);
  }
  const text = usv(init);
  return rip.parseQuery(text.startsWith("?") ? text.slice(1) : text);
};

let iterate;

class URLSearchParams {
  #list;
  #changed = null; // tells the URL that these are the parameters of

  constructor(init = "") {
    this.#list = listOf(init);
  }

  get size() {
    return this.#list.length;
  }

  append(name, value) {
    this.#list.length; // of the right class, before the arguments are looked at
    required(2, arguments.length, "URLSearchParams.append");
    this.#list.push([usv(name), usv(value)]);
    this.#changed?.();
  }

  delete(name, value = undefined) {
    this.#list.length;
    required(1, arguments.length, "URLSearchParams.delete");
    name = usv(name);
    if (value !== undefined) value = usv(value);
    this.#list = this.#list.filter((pair) => pair[0] !== name || (value !== undefined && pair[1] !== value));
    this.#changed?.();
  }

  get(name) {
    this.#list.length;
    required(1, arguments.length, "URLSearchParams.get");
    name = usv(name);
    for (const pair of this.#list) if (pair[0] === name) return pair[1];
    return null;
  }

  getAll(name) {
    this.#list.length;
    required(1, arguments.length, "URLSearchParams.getAll");
    name = usv(name);
    return this.#list.filter((pair) => pair[0] === name).map((pair) => pair[1]);
  }

  has(name, value = undefined) {
    this.#list.length;
    required(1, arguments.length, "URLSearchParams.has");
    name = usv(name);
    if (value !== undefined) value = usv(value);
    return this.#list.some((pair) => pair[0] === name && (value === undefined || pair[1] === value));
  }

  set(name, value) {
    this.#list.length;
    required(2, arguments.length, "URLSearchParams.set");
    name = usv(name);
    value = usv(value);
    const first = this.#list.find((pair) => pair[0] === name);
    if (first === undefined) this.#list.push([name, value]);
    else {
      first[1] = value;
      this.#list = this.#list.filter((pair) => pair === first || pair[0] !== name);
    }
    this.#changed?.();
  }

  sort() {
    this.#list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed?.();
  }

  toString() {
    return rip.serializeQuery(this.#list);
  }

  forEach(callback, thisArg = undefined) {
    this.#list.length;
    required(1, arguments.length, "URLSearchParams.forEach");
    rip.callback(callback, "URLSearchParams.forEach: the callback");
    for (let i = 0; i < this.#list.length; i++) {
      const [name, value] = this.#list[i];
      callback.call(thisArg, value, name, this);
    }
  }

  keys() {
    this.#list.length;
    return iterate(this, 1);
  }

  values() {
    this.#list.length;
    return iterate(this, 2);
  }

  entries() {
    this.#list.length;
    return iterate(this, 0);
  }

  static {
    iterate = rip.iterator("URLSearchParams", (params) => params.#list);
    // The parameters of a URL: changed is called when they were changed, and
    // what is returned takes a new query.
    rip.searchParamsOf = (query, changed) => {
      const params = new URLSearchParams();
      params.#list = rip.parseQuery(query);
      params.#changed = () => changed(rip.serializeQuery(params.#list));
      return { params, replace: (text) => (params.#list = rip.parseQuery(text)) };
    };
  }
}

Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, {
  value: URLSearchParams.prototype.entries,
  writable: true,
  configurable: true,
});
rip.expose(URLSearchParams);
