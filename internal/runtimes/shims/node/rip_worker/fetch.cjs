'use strict';
// Runs handlers that take a Request and return a Response (the Fetch standard,
// https://fetch.spec.whatwg.org).
const fs = require('node:fs');
const { STATUS_CODES } = require('node:http');
const { Readable } = require('node:stream');
const { inspect } = require('node:util');
const { BODILESS, fieldsOf, standIn, textOf } = require('./web.cjs');

const FRAMING = /^(transfer-encoding|connection):/im;
const LENGTH = /\r\ncontent-length:/i;

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
      const result = handle(standIn(this.head, open), { remoteAddress: this.head.peer });
      if (typeof result?.then === 'function') {
        result.then((response) => this.answer(response), (error) => this.threw(error));
      } else {
        this.respond(result);
      }
    } catch (error) {
      this.threw(error);
    }
  }

  answer(response) {
    try {
      this.respond(response);
    } catch (error) {
      this.threw(error);
    }
  }

  // respond sends a response. What it does with a body that is known it does at once.
  respond(response) {
    const { reply } = this;
    if (reply.ended) return;
    if (typeof response?.status !== 'number' || typeof response !== 'object') {
      throw new TypeError(`the handler returned ${response === null ? 'null' : typeof response}, no Response`);
    }
    const { status } = response;
    const fields = fieldsOf(response);
    const bodiless = BODILESS.has(status);
    const text = textOf(response);
    const body = text === undefined ? response.body : null;
    let head = `HTTP/1.1 ${status} ${response.statusText || STATUS_CODES[status] || ''}\r\n${fields}`;
    if (FRAMING.test(fields)) head = head.replace(/\r\n(transfer-encoding|connection):[^\r]*/gi, ''); // the server's affair
    if (body === null && !bodiless && !LENGTH.test(head)) head += `Content-Length: ${text ? Buffer.byteLength(text) : 0}\r\n`;
    reply.start(`${head}\r\n`);
    if (bodiless || this.head.method === 'HEAD') {
      body?.cancel().catch(() => {});
    } else if (text) {
      reply.write(text, 'utf8');
    } else if (body !== null) {
      this.stream(body).catch((error) => this.threw(error));
      return;
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
      if (reply.ended) return;
      if (done) break;
      reply.write(value);
      reply.flush();
    }
    reply.finish();
    this.ended();
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
