'use strict';
// A Request and a Response of Node take longer to make than all the rest of a
// short request. So the Request that a handler gets, and a Response that is made
// from a text or from bytes, are stand-ins: they know what is asked most, and make
// the real one for all else.
const HEAD = Symbol('head'); // of a Request
const OPEN = Symbol('open'); // returns its body, called at most once
const BODY = Symbol('body'); // of a Response
const INIT = Symbol('init');
const HEADERS = Symbol('headers'); // undefined until they were asked for
const REAL = Symbol('real'); // undefined until it was needed

const NativeRequest = globalThis.Request;
const NativeResponse = globalThis.Response;

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/; // RFC 9110, 5.6.2
const UNFIT = /[\0\r\n]|[^\0-\xff]|^[ \t]|[ \t]$/; // in the value of a field

// delegate has a stand-in pass on to the real object what it does not know.
function delegate(prototype, native, real) {
  for (const [name, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(native.prototype))) {
    if (Object.hasOwn(prototype, name) || name === 'constructor') continue;
    if (get) {
      Object.defineProperty(prototype, name, { configurable: true, get() { return real(this)[name]; } });
    } else if (typeof value === 'function') {
      Object.defineProperty(prototype, name, { configurable: true, value(...args) { return real(this)[name](...args); } });
    }
  }
}

const requests = Object.create(NativeRequest.prototype, {
  method: { get() { return this[HEAD].method; } },
  url: { get() { return urlOf(this[HEAD]); } },
  headers: { get() { return this[REAL]?.headers ?? (this[HEADERS] ??= headersOf(this[HEAD])); } },
});
delegate(requests, NativeRequest, realRequest);

// standIn returns a Request. open returns its body, null for none.
function standIn(head, open) {
  const request = Object.create(requests);
  request[HEAD] = head;
  request[OPEN] = open;
  request[HEADERS] = request[REAL] = undefined;
  return request;
}

// realRequest returns what stands behind a stand-in, and others as they are.
function realRequest(request) {
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

class Response {
  constructor(body, init) {
    this[BODY] = body;
    this[INIT] = init;
    this[HEADERS] = this[REAL] = undefined;
    const status = init?.status ?? 200;
    const simple = typeof body === 'string' || body === undefined || body === null;
    if (!simple || !Number.isInteger(status) || status < 200 || status > 599 || status === 204 || status === 205 || status === 304) {
      this[REAL] = new NativeResponse(body, init); // which tells what is wrong with it
    }
  }

  get status() {
    return this[REAL]?.status ?? this[INIT]?.status ?? 200;
  }

  get ok() {
    return this.status >= 200 && this.status < 300;
  }

  get headers() {
    if (this[HEADERS] === undefined) {
      if (this[REAL] !== undefined) return this[REAL].headers;
      this[HEADERS] = new Headers(this[INIT]?.headers);
      if (typeof this[BODY] === 'string' && !this[HEADERS].has('content-type')) this[HEADERS].set('content-type', 'text/plain;charset=UTF-8');
    }
    return this[HEADERS];
  }

  static json(data, init) {
    const text = JSON.stringify(data);
    if (text === undefined) return NativeResponse.json(data, init); // which tells what is wrong with it
    const response = new Response(text, init);
    if (!new Headers(init?.headers).has('content-type')) response.headers.set('content-type', 'application/json');
    return response;
  }

  // Those that fetch returned are real ones.
  static [Symbol.hasInstance](other) {
    return other instanceof NativeResponse;
  }
}
delegate(Response.prototype, NativeResponse, realResponse);
Object.setPrototypeOf(Response, NativeResponse);
Object.setPrototypeOf(Response.prototype, NativeResponse.prototype);

function realResponse(response) {
  if (response[REAL] === undefined) {
    const { status, statusText } = response[INIT] ?? {};
    response[REAL] = new NativeResponse(response[BODY], { status, statusText, headers: response.headers });
  }
  return response[REAL];
}

// textOf returns the text that a Response stands for, undefined when it is a real one.
function textOf(response) {
  return response[INIT] === undefined && response[BODY] === undefined ? undefined : response[REAL] === undefined ? (response[BODY] ?? '') : undefined;
}

// fieldsOf returns the fields of a Response as lines.
function fieldsOf(response) {
  const given = response[HEADERS] === undefined && response[REAL] === undefined ? (response[INIT]?.headers ?? {}) : null;
  if (given !== null && Object.getPrototypeOf(given) === Object.prototype) {
    let lines = '';
    let typed = typeof response[BODY] !== 'string';
    for (const name in given) {
      const value = given[name];
      if (typeof value !== 'string' || UNFIT.test(value) || !TOKEN.test(name)) return linesOf(response.headers);
      if (name.length === 12 && name.toLowerCase() === 'content-type') typed = true;
      lines += `${name}: ${value}\r\n`;
    }
    return typed ? lines : `content-type: text/plain;charset=UTF-8\r\n${lines}`;
  }
  return linesOf(response.headers);
}

function linesOf(headers) {
  let lines = '';
  for (const [name, value] of headers) lines += `${name}: ${value}\r\n`;
  return lines;
}

// replace has the app make responses of this kind.
function replace() {
  globalThis.Request = new Proxy(NativeRequest, {
    construct: (target, [input, ...more], self) => Reflect.construct(target, [realRequest(input), ...more], self),
  });
  const { fetch } = globalThis;
  globalThis.fetch = function (input, init) {
    return fetch(realRequest(input), init);
  };
  globalThis.Response = Response;
}

module.exports = { fieldsOf, replace, standIn, textOf };
