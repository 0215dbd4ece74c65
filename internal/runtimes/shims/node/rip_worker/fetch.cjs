'use strict';
// Runs handlers that take a Request and return a Response (the Fetch standard,
// https://fetch.spec.whatwg.org).
const fs = require('node:fs');
const { STATUS_CODES } = require('node:http');
const { Readable } = require('node:stream');
const { inspect } = require('node:util');
const { lazyRequest, sourceOf } = require('./web.cjs');

const BODILESS = new Set([101, 204, 205, 304]);

class FetchHandler {
  constructor(handle) {
    this.handle = handle;
  }

  run(reply, head, body, ended) {
    const exchange = new FetchExchange(reply, head, ended);
    exchange.run(this.handle, body);
    return exchange;
  }
}

class FetchExchange {
  constructor(reply, head, ended) {
    this.reply = reply;
    this.head = head;
    this.ended = ended;
    this.req = { method: head.method, url: head.target };
    this.reader = null; // of the body of the response
  }

  run(handle, body) {
    const open = typeof body === 'string' ? () => Readable.toWeb(fs.createReadStream(body)) : () => body;
    try {
      const result = handle(lazyRequest(this.head, open), { remoteAddress: this.head.peer });
      if (typeof result?.then === 'function') {
        result.then((response) => this.respond(response)).catch((error) => this.threw(error));
      } else {
        this.respond(result).catch((error) => this.threw(error));
      }
    } catch (error) {
      this.threw(error);
    }
  }

  // respond sends a response. What it does with a body that is known it does at once.
  async respond(response) {
    const { reply } = this;
    if (reply.ended) return;
    if (typeof response?.status !== 'number' || typeof response.headers?.entries !== 'function') {
      throw new TypeError(`the handler returned ${response === null ? 'null' : typeof response}, no Response`);
    }
    let head = `HTTP/1.1 ${response.status} ${response.statusText || STATUS_CODES[response.status] || ''}\r\n`;
    let length = false;
    for (const [name, value] of response.headers.entries()) {
      if (name === 'transfer-encoding' || name === 'connection') continue; // the server's affair
      if (name === 'content-length') length = true;
      head += `${name}: ${value}\r\n`;
    }
    const bodiless = BODILESS.has(response.status);
    const source = response.bodyUsed ? undefined : sourceOf(response);
    const known = source !== undefined || response.body === null;
    if (known && !length && !bodiless) {
      const size = source === undefined ? 0 : typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength;
      head += `Content-Length: ${size}\r\n`;
    }
    reply.start(`${head}\r\n`);
    if (bodiless || this.head.method === 'HEAD') {
      if (!known) response.body.cancel().catch(() => {});
    } else if (source !== undefined) {
      reply.write(source, 'utf8');
    } else if (!known) {
      await this.stream(response.body);
      if (reply.ended) return;
    }
    reply.finish();
    this.ended();
  }

  async stream(body) {
    const { reply } = this;
    const reader = (this.reader = body.getReader());
    reply.flush();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || reply.ended) return;
      reply.write(value);
      reply.flush();
    }
  }

  threw(error) {
    console.error(`exception in ${this.head.method} ${this.head.target}\n${inspect(error)}`);
    if (this.reply.ended) return;
    this.reply.fail(this.head.method === 'HEAD');
    this.ended();
  }

  // gone ends the reply to a client that has gone.
  gone() {
    this.reader?.cancel(new Error('the client has gone')).catch(() => {});
    if (this.reply.ended) return;
    this.reply.abort();
    this.ended();
  }
}

module.exports = { FetchHandler };
