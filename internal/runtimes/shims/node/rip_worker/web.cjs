'use strict';
// A Request and a Response of Node take longer to make than all the rest of a
// short request. So a Request is made when the app asks for more than its method,
// target or fields, and a Response keeps what it was made from.
const SOURCE = Symbol('source');
const HEAD = Symbol('head');
const OPEN = Symbol('open');
const HEADERS = Symbol('headers');
const REAL = Symbol('real');

const NativeRequest = globalThis.Request;
const NativeResponse = globalThis.Response;

const lazy = Object.create(NativeRequest.prototype, {
  method: { get() { return this[HEAD].method; } },
  url: { get() { return urlOf(this[HEAD]); } },
  headers: { get() { return this[REAL]?.headers ?? (this[HEADERS] ??= headersOf(this[HEAD])); } },
});
for (const [name, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(NativeRequest.prototype))) {
  if (Object.hasOwn(lazy, name) || name === 'constructor') continue;
  if (get) {
    Object.defineProperty(lazy, name, { get() { return real(this)[name]; } });
  } else if (typeof value === 'function') {
    Object.defineProperty(lazy, name, { value(...args) { return real(this)[name](...args); } });
  }
}

// lazyRequest returns a Request. open is called for its body, at most once.
function lazyRequest(head, open) {
  const request = Object.create(lazy);
  request[HEAD] = head;
  request[OPEN] = open;
  request[HEADERS] = request[REAL] = undefined;
  return request;
}

// real returns the Request that stands behind a lazy one, and others as they are.
function real(request) {
  if (!request?.[HEAD]) return request;
  if (request[REAL] === undefined) {
    const { method } = request[HEAD];
    const body = method === 'GET' || method === 'HEAD' ? undefined : (request[OPEN]() ?? undefined);
    request[REAL] = new NativeRequest(request.url, { method, headers: request.headers, body, duplex: 'half' });
  }
  return request[REAL];
}

function urlOf(head) {
  if (!head.target.startsWith('/')) return head.target;
  const at = head.fields.findIndex((name, i) => i % 2 === 0 && name.length === 4 && name.toLowerCase() === 'host');
  return `${head.secure ? 'https' : 'http'}://${at < 0 ? 'localhost' : head.fields[at + 1]}${head.target}`;
}

function headersOf({ fields }) {
  const headers = new Headers();
  for (let i = 0; i < fields.length; i += 2) headers.append(fields[i], fields[i + 1]);
  return headers;
}

// sourceOf returns the string or Uint8Array that a Response was made from,
// undefined when it was something else.
function sourceOf(response) {
  return response[SOURCE];
}

// replace has the app make requests and responses of this kind.
function replace() {
  globalThis.Request = new Proxy(NativeRequest, {
    construct: (target, [input, ...more], self) => Reflect.construct(target, [real(input), ...more], self),
  });
  const { fetch } = globalThis;
  globalThis.fetch = function (input, init) {
    return fetch(real(input), init);
  };
  globalThis.Response = new Proxy(NativeResponse, {
    construct(target, args, self) {
      const response = Reflect.construct(target, args, self);
      const [body] = args;
      if (typeof body === 'string') response[SOURCE] = body;
      else if (body instanceof Uint8Array) response[SOURCE] = body.slice(); // the app may use it again
      return response;
    },
  });
}

module.exports = { lazyRequest, replace, sourceOf };
