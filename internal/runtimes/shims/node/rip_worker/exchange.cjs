'use strict';
// One request and its reply, as apps for http.Server know them: a real
// IncomingMessage and a real ServerResponse, whose output goes into records
// rather than to a socket.
const fs = require('node:fs');
const http = require('node:http');
const { inspect } = require('node:util');

const EXCHANGE = Symbol('rip-server');
const MOST_UNSENT = 64 << 10; // bytes that an app writes until it is told to wait
const PIECE = 64 << 10; // bytes of a large body that are read at once

// Node keeps under this symbol whether an app waits for 'drain'.
const NEED_DRAIN = Object.getOwnPropertySymbols(new http.OutgoingMessage()).find((s) => s.description === 'kNeedDrain');

class Exchange {
  // ended is called once, when the last part of the reply is on its way.
  constructor(reply, ended) {
    this.reply = reply;
    this.ended = ended;
    this.req = null;
    this.res = null;
    this.socket = null;
    this.flushes = false; // flush will be called
    this.unsent = 0; // bytes written since it was called last
  }

  // run hands the request to the server. body is an Uint8Array, the path of a
  // file, or null.
  run(door, head, body) {
    const socket = (this.socket = door.connection(this, head));
    const req = (this.req = new door.Request(socket));
    req.httpVersionMajor = 1;
    req.httpVersionMinor = head.minor;
    req.httpVersion = head.minor === 1 ? '1.1' : '1.0';
    req.method = head.method;
    req.url = head.target;
    if (door.server.joinDuplicateHeaders) req.joinDuplicateHeaders = true;
    req._addHeaderLines(head.fields, head.fields.length);
    req.complete = true;
    if (body === null) {
      req.push(null);
    } else {
      req._read = typeof body === 'string' ? readFile(body) : readBuffer(body);
    }
    const res = (this.res = new door.Response(req));
    res[EXCHANGE] = this;
    // The server frames the body, dates the head and keeps the connection.
    res._removedConnection = res._removedTE = true;
    res.sendDate = false;
    res.useChunkedEncodingByDefault = res.shouldKeepAlive = true;
    // assignSocket would add a listener to the socket, which has one for all.
    socket._httpMessage = res;
    res.socket = socket;
    try {
      door.server.emit('request', req, res);
    } catch (error) {
      this.threw(error);
    }
  }

  // send takes what the response sends: the head, or a part of the body.
  send(data, encoding, callback) {
    const { res, reply } = this;
    if (typeof encoding === 'function') {
      callback = encoding;
      encoding = undefined;
    }
    if (callback) process.nextTick(callback);
    if (reply.ended) return false;
    if (!res._headerSent) {
      res._headerSent = true;
      reply.start(res._header);
    }
    if (data.length > 0) {
      reply.write(data, encoding || 'utf8');
      this.unsent += data.length;
    }
    if (!this.flushes) {
      this.flushes = true;
      process.nextTick(flush, this);
    }
    return NEED_DRAIN === undefined || this.unsent < MOST_UNSENT;
  }

  interim(head) {
    if (!head.startsWith('HTTP/1.1 100')) this.reply.interim(head);
  }

  // finish sends the last part.
  finish() {
    if (this.reply.ended) return;
    this.reply.finish();
    process.nextTick(finished, this);
    this.ended();
  }

  // threw ends the reply of a handler that threw an error.
  threw(error) {
    const { req, res, reply } = this;
    console.error(`exception in ${req.method} ${req.url}\n${inspect(error)}`);
    if (reply.ended) return;
    reply.fail(req.method === 'HEAD');
    this.ended();
    res.finished = true;
    this.socket.destroy();
    req.destroy();
  }

  // cut ends the reply when its socket was destroyed.
  cut() {
    if (this.reply.ended) return;
    this.reply.abort();
    this.ended();
  }

  // gone tells the app that its client has gone.
  gone() {
    const error = new Error('aborted');
    error.code = 'ECONNRESET';
    this.req.destroy(error);
    this.socket.destroy();
  }

  // late tells the app that the time that it set for the socket is over.
  late() {
    const { req, res, socket } = this;
    if (this.reply.ended) return;
    const heard = [req, res, socket.server, socket].map((one) => one.emit('timeout', socket));
    if (!heard.includes(true)) socket.destroy();
  }
}

function flush(exchange) {
  const { reply, res } = exchange;
  exchange.flushes = false;
  exchange.unsent = 0;
  if (reply.ended) return;
  reply.flush();
  if (res[NEED_DRAIN] && !res.finished) {
    res[NEED_DRAIN] = false;
    res.emit('drain');
  }
}

// finished is called when the app has been told that the response is finished.
function finished({ req, res, socket }) {
  if (socket.timer !== null) socket.setTimeout(0);
  if (!req._consuming) drain(req);
  if (res._closed) return;
  socket._httpMessage = null;
  res.socket = null;
  close(res);
}

// close tells the app that nothing more comes of a response.
function close(res) {
  res.destroyed = true;
  res._closed = true;
  res.emit('close');
}

// drain ends a request whose body the app did not want. Where there is none, and
// nobody listens to what a stream has to say at its end, it is just marked as ended.
function drain(req) {
  const state = req._readableState;
  if (req._eventsCount > 0 || !state.ended || state.length > 0) {
    req._dump();
    return;
  }
  req._dumped = true;
  state.endEmitted = state.destroyed = state.closed = state.closeEmitted = true;
}

// readBuffer returns an implementation of IncomingMessage's _read. It does not
// begin before the app reads: by that Node tells whether it wants the body.
function readBuffer(body) {
  return function () {
    if (this._consuming) return;
    this._readableState.readingMore = false;
    this._consuming = true;
    this.push(body);
    this.push(null);
  };
}

// readFile is readBuffer for a file.
function readFile(path) {
  let fd = -1;
  return function () {
    this._readableState.readingMore = false;
    if (this._dumped && fd < 0) {
      this.push(null); // nobody wants it
      return;
    }
    if (!this._consuming) {
      this._consuming = true;
      fd = fs.openSync(path, 'r'); // the server may remove it while a handler outlives its response
      this.once('close', () => fs.closeSync(fd));
    }
    const piece = Buffer.allocUnsafeSlow(PIECE);
    const n = fs.readSync(fd, piece, 0, PIECE, null);
    this.push(n > 0 ? piece.subarray(0, n) : null);
  };
}

// divert has responses that belong to an exchange send by it.
function divert() {
  const p = http.ServerResponse.prototype;
  const { _send, _writeRaw, _finish, _storeHeader } = p;
  p._send = function (data, encoding, callback, size) {
    const exchange = this[EXCHANGE];
    return exchange === undefined ? _send.call(this, data, encoding, callback, size) : exchange.send(data, encoding, callback);
  };
  p._writeRaw = function (data, encoding, callback, size) {
    const exchange = this[EXCHANGE];
    if (exchange === undefined) return _writeRaw.call(this, data, encoding, callback, size);
    exchange.interim(data); // 1xx alone comes here
    if (callback) process.nextTick(callback);
    return true;
  };
  p._finish = function () {
    _finish.call(this);
    this[EXCHANGE]?.finish();
  };
  p._storeHeader = function (line, headers) {
    if (this[EXCHANGE] === undefined) {
      _storeHeader.call(this, line, headers);
      return;
    }
    try {
      _storeHeader.call(this, line, headers);
    } catch (error) {
      if (error.code !== 'ERR_HTTP_TRAILER_INVALID') throw error; // without a chunked body there can be none
      _storeHeader.call(this, line, withoutTrailer(this, headers));
    }
    if (this.chunkedEncoding) {
      this.chunkedEncoding = false; // the app asked for it
      this._header = this._header.replace(/\r\ntransfer-encoding:[^\r]*/i, '');
    } else if (!this._hasBody && this._contentLength > 0 && this.req.method === 'HEAD' && !/\r\ncontent-length:/i.test(this._header)) {
      this._header = `${this._header.slice(0, -2)}Content-Length: ${this._contentLength}\r\n\r\n`;
    }
  };
}

// withoutTrailer returns the fields of a head, in any of the forms that writeHead
// takes, without the one that announces trailers.
function withoutTrailer(res, headers) {
  const trailer = (name) => name.toLowerCase() === 'trailer';
  res.removeHeader('Trailer'); // also from headers, when they are those that were set before
  if (Array.isArray(headers)) {
    if (Array.isArray(headers[0])) return headers.filter(([name]) => !trailer(name));
    return headers.filter((_, i) => !trailer(headers[i - (i % 2)]));
  }
  const announced = Object.keys(headers).filter(trailer);
  if (announced.length === 0) return headers;
  const rest = { ...headers };
  for (const name of announced) delete rest[name];
  return rest;
}

module.exports = { Exchange, close, divert };
