'use strict';
// What an app sees as the socket of a request. Nothing is read from it or
// written to it: requests and replies pass it by.
const { Duplex } = require('node:stream');
const { close } = require('./exchange.cjs');

class Connection extends Duplex {
  constructor(exchange, head, server) {
    super({ autoDestroy: false });
    this.exchange = exchange;
    this.server = server;
    this.remoteAddress = head.peer;
    this.remoteFamily = head.peer.includes(':') ? 'IPv6' : 'IPv4';
    this.remotePort = 0;
    this.localAddress = '127.0.0.1';
    this.localPort = server.port ?? 0;
    this.connecting = false;
    this.timer = null;
    this.timeout = 0;
    if (head.secure) this.encrypted = true;
    this._httpMessage = null;
    this.on('close', closed);
    this.listeners0 = this._eventsCount;
  }

  // again takes the connection for another request. It returns false when it is
  // another client's, or something of an earlier request sticks to it.
  again(exchange, head) {
    if (this.destroyed || this.remoteAddress !== head.peer || (this.encrypted === true) !== head.secure) return false;
    if (this._eventsCount !== this.listeners0 || this._httpMessage !== null || this.timer !== null) return false;
    this.exchange = exchange;
    return true;
  }

  _read() {}

  _write(_chunk, _encoding, done) {
    done(new Error('rip-server: an app answers by its response, not by the socket'));
  }

  _destroy(error, done) {
    clearTimeout(this.timer);
    done(this.listenerCount('error') > 0 ? error : null); // nobody has to listen to a socket of a server
    this.exchange.cut();
  }

  address() {
    return { address: this.localAddress, family: 'IPv4', port: this.localPort };
  }

  // setTimeout goes by the whole time of the request, 0 = without end.
  setTimeout(ms, callback) {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timeout = ms;
    if (callback) this.once('timeout', callback);
    this.timer = ms > 0 ? setTimeout(() => this.exchange.late(), ms).unref() : null;
    return this;
  }

  setNoDelay() {
    return this;
  }

  setKeepAlive() {
    return this;
  }

  destroySoon() {
    this.destroy();
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }
}

function closed() {
  const res = this._httpMessage;
  if (res !== null && !res._closed) close(res);
}

module.exports = { Connection };
