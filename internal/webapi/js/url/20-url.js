// URL: https://url.spec.whatwg.org/#url-class
//
// Parsing is done by the host, which answers with the serialised URL. Its
// delimiters are where the components start, so these are cut out when asked
// for, and a URL costs one call.

const rip = __rip;
const host = __host;
const { usv, required } = rip;

const parse = (url, base) => (base === undefined ? host.parseURL(usv(url)) : host.resolveURL(usv(url), usv(base)));

// cut finds the components of a serialised URL.
const cut = (href) => {
  const colon = href.indexOf(":");
  let hash = href.indexOf("#");
  if (hash < 0) hash = href.length;
  let query = href.indexOf("?");
  if (query < 0 || query > hash) query = hash;
  let path = colon + 1;
  let user = path;
  let password = path;
  let hostname = path;
  let port = path;
  const authority = href.startsWith("//", path);
  if (authority) {
    user = path + 2;
    const slash = href.indexOf("/", user);
    path = slash < 0 || slash > query ? query : slash;
    const at = href.lastIndexOf("@", path);
    hostname = at < user ? user : at + 1;
    password = href.indexOf(":", user);
    if (password < 0 || password >= hostname) password = Math.max(at, user);
    port = href.indexOf(":", href[hostname] === "[" ? href.indexOf("]", hostname) : hostname);
    if (port < 0 || port > path) port = path;
  } else if (href.startsWith("/.//", path)) {
    path += 2;
    user = password = hostname = port = path;
  }
  return { colon, authority, user, password, hostname, port, path, query, hash };
};

const withOrigin = /^(?:https?|wss?|ftp):$/;

// Objects that createObjectURL has given a URL.
const objects = new Map();
rip.objectURL = (href) => objects.get(href.split("#")[0]);

class URL {
  #href;
  #cut = null;
  #params = null;

  constructor(url, base = undefined) {
    required(1, arguments.length, "URL");
    const href = parse(url, base);
    if (href === "") throw rip.invalidURL(url);
    this.#href = href;
  }

  static canParse(url, base = undefined) {
    required(1, arguments.length, "URL.canParse");
    return parse(url, base) !== "";
  }

  static parse(url, base = undefined) {
    required(1, arguments.length, "URL.parse");
    return parse(url, base) === "" ? null : new URL(url, base);
  }

  static createObjectURL(object) {
    required(1, arguments.length, "URL.createObjectURL");
    if (!rip.is("Blob", object)) throw new TypeError("URL.createObjectURL: the object is not a Blob");
    const href = `blob:null/${host.randomUUID()}`;
    objects.set(href, object);
    return href;
  }

  static revokeObjectURL(url) {
    required(1, arguments.length, "URL.revokeObjectURL");
    objects.delete(usv(url));
  }

  #parts() {
    return (this.#cut ??= cut(this.#href));
  }

  #become(href) {
    if (href === this.#href) return;
    this.#href = href;
    this.#cut = null;
  }

  #set(component, value) {
    this.#become(host.setURL(this.#href, component, usv(value)));
  }

  get href() {
    return this.#href;
  }

  set href(value) {
    const href = parse(value, undefined);
    if (href === "") throw rip.invalidURL(value);
    this.#become(href);
    this.#params?.replace(this.search.slice(1));
  }

  get origin() {
    const { protocol } = this;
    if (withOrigin.test(protocol)) return `${protocol}//${this.host}`;
    if (protocol === "blob:") {
      const inner = URL.parse(this.pathname);
      if (inner !== null && /^https?:$/.test(inner.protocol)) return inner.origin;
    }
    return "null";
  }

  get protocol() {
    return this.#href.slice(0, this.#parts().colon + 1);
  }

  set protocol(value) {
    this.#set("protocol", value);
  }

  get username() {
    const { user, password } = this.#parts();
    return this.#href.slice(user, password);
  }

  set username(value) {
    this.#set("username", value);
  }

  get password() {
    const { password, hostname } = this.#parts();
    return this.#href.slice(password + 1, hostname - 1);
  }

  set password(value) {
    this.#set("password", value);
  }

  get host() {
    const { hostname, path, authority } = this.#parts();
    return authority ? this.#href.slice(hostname, path) : "";
  }

  set host(value) {
    this.#set("host", value);
  }

  get hostname() {
    const { hostname, port } = this.#parts();
    return this.#href.slice(hostname, port);
  }

  set hostname(value) {
    this.#set("hostname", value);
  }

  get port() {
    const { port, path } = this.#parts();
    return this.#href.slice(port + 1, path);
  }

  set port(value) {
    this.#set("port", value);
  }

  get pathname() {
    const { path, query } = this.#parts();
    return this.#href.slice(path, query);
  }

  set pathname(value) {
    this.#set("pathname", value);
  }

  get search() {
    const { query, hash } = this.#parts();
    return hash - query < 2 ? "" : this.#href.slice(query, hash);
  }

  set search(value) {
    this.#set("search", value);
    this.#params?.replace(this.search.slice(1));
  }

  get searchParams() {
    this.#params ??= rip.searchParamsOf(this.search.slice(1), (query) => this.#set("search", query));
    return this.#params.params;
  }

  get hash() {
    const { hash } = this.#parts();
    return this.#href.length - hash < 2 ? "" : this.#href.slice(hash);
  }

  set hash(value) {
    this.#set("hash", value);
  }

  toString() {
    return this.#href;
  }

  toJSON() {
    return this.#href;
  }
}

rip.expose(URL);
