'use strict';
// A Request and a Response of Node take longer to make than all the rest of a
// short request. So the Request that a handler gets, and a Response that is made
// from a text or from bytes, are stand-ins: they know what is asked most, and make
// the real one for all else.
const HEAD = Symbol('head'); // of a Request
const OPEN = Symbol('open'); // returns its body, called at most once
const BODY = Symbol('body'); // of a Response
const STATUS = Symbol('status');
const FIELDS = Symbol('fields'); // a copy of those that it was made with, when they are simple
const HEADERS = Symbol('headers'); // undefined until they were asked for
const REAL = Symbol('real'); // undefined until it was needed

const NativeRequest = globalThis.Request;
const NativeResponse = globalThis.Response;

const BODILESS = new Set([101, 204, 205, 304]);
const TEXT = 'text/plain;charset=UTF-8';
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
    this[HEADERS] = this[REAL] = this[FIELDS] = undefined;
    this[STATUS] = 200;
    if (body !== undefined && body !== null && typeof body !== 'string') {
      this[REAL] = new NativeResponse(body, init);
      return;
    }
    if (init === undefined) return;
    const { status = 200, statusText, headers } = init ?? {};
    if (statusText || !Number.isInteger(status) || status < 200 || status > 599 || BODILESS.has(status)) {
      this[REAL] = new NativeResponse(body, init); // which tells what is wrong with it
      return;
    }
    this[STATUS] = status;
    if (headers === undefined) return;
    if (plain(headers)) this[FIELDS] = { ...headers };
    else this[HEADERS] = complete(new Headers(headers), body);
  }

  get status() {
    return this[REAL] === undefined ? this[STATUS] : this[REAL].status;
  }

  get statusText() {
    return this[REAL] === undefined ? '' : this[REAL].statusText;
  }

  get ok() {
    return this.status >= 200 && this.status < 300;
  }

  get headers() {
    if (this[HEADERS] === undefined) {
      if (this[REAL] !== undefined) return this[REAL].headers;
      this[HEADERS] = complete(new Headers(this[FIELDS]), this[BODY]);
    }
    return this[HEADERS];
  }

  static json(data, init) {
    const text = JSON.stringify(data);
    if (text === undefined) return NativeResponse.json(data, init); // which tells what is wrong with it
    const response = new Response(text, init);
    if (init?.headers === undefined && response[REAL] === undefined) {
      response[FIELDS] = { 'content-type': 'application/json' };
      return response;
    }
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
  response[REAL] ??= new NativeResponse(response[BODY], { status: response[STATUS], headers: response.headers });
  return response[REAL];
}

// complete adds to the fields of a Response what kind of text its body is.
function complete(headers, body) {
  if (typeof body === 'string' && !headers.has('content-type')) headers.set('content-type', TEXT);
  return headers;
}

// plain tells whether fields are those of a simple object, and fit.
function plain(fields) {
  if (fields === null || Object.getPrototypeOf(fields) !== Object.prototype) return false;
  for (const name in fields) {
    if (typeof fields[name] !== 'string' || UNFIT.test(fields[name]) || !TOKEN.test(name)) return false;
  }
  return true;
}

// textOf returns the text that a Response stands for, undefined when it is a real one.
function textOf(response) {
  return Object.hasOwn(response, STATUS) && response[REAL] === undefined ? (response[BODY] ?? '') : undefined;
}

// fieldsOf returns the fields of a Response as lines.
function fieldsOf(response) {
  if (!Object.hasOwn(response, STATUS) || response[REAL] !== undefined || response[HEADERS] !== undefined) return linesOf(response.headers);
  let typed = typeof response[BODY] !== 'string';
  let lines = '';
  for (const name in response[FIELDS]) {
    if (name.length === 12 && name.toLowerCase() === 'content-type') typed = true;
    lines += `${name}: ${response[FIELDS][name]}\r\n`;
  }
  return typed ? lines : `content-type: ${TEXT}\r\n${lines}`;
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

module.exports = { BODILESS, fieldsOf, replace, standIn, textOf };
