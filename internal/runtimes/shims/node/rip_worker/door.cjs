'use strict';
// Replaces the listening of http.Server and https.Server: no port is opened, and
// requests come from the shared socket.
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const { Connection } = require('./connection.cjs');
const { Exchange } = require('./exchange.cjs');

// Door is what a server has for a handle of its own.
class Door {
  constructor(server, options, loop) {
    this.server = server;
    this.loop = loop;
    this.port = Number(options.port) || Number(process.env.PORT) || 0;
    this.host = options.host || '::';
    this.Request = option(server, 'IncomingMessage') ?? http.IncomingMessage;
    this.Response = option(server, 'ServerResponse') ?? http.ServerResponse;
    this.last = null; // the connection of the last request
  }

  // connection returns the connection of a request. Like one that is kept alive,
  // it serves several requests of the same client; it costs a fifth of a short
  // request to make one.
  connection(exchange, head) {
    if (this.last === null || !this.last.again(exchange, head)) this.last = new Connection(exchange, head, this.server);
    return this.last;
  }

  run(reply, head, body, ended) {
    const exchange = new Exchange(reply, ended);
    exchange.run(this, head, body);
    return exchange;
  }

  // getsockname is what net.Server asks for its address.
  getsockname(out) {
    const family = net.isIP(this.host) || 6;
    Object.assign(out, { address: net.isIP(this.host) ? this.host : '::', family: `IPv${family}`, port: this.port });
    return 0;
  }

  close(callback) {
    if (this.loop.handler === this) this.loop.stop();
    if (callback) process.nextTick(callback);
  }

  ref() {}
  unref() {}
}

// option returns a class that the app gave to createServer.
function option(server, name) {
  const symbol = Object.getOwnPropertySymbols(server).find((s) => s.description === name);
  return symbol && server[symbol];
}

// replaceListen has the first server that listens served. It returns a function
// that tells whether there is one.
function replaceListen(loop) {
  let first = null;
  const listen = function (...args) {
    const [options, callback] = net._normalizeArgs(args);
    if (this._handle) throw Object.assign(new Error('Listen method has been called more than once without closing.'), { code: 'ERR_SERVER_ALREADY_LISTEN' });
    if (callback) this.once('listening', callback);
    const door = (this._handle = new Door(this, options, loop));
    if (options.path) this._pipeName = options.path;
    this._listeningId++;
    first ??= door;
    process.nextTick(() => {
      if (this._handle !== door) {
        if (first === door) first = null;
        return; // it was closed
      }
      this.emit('listening');
      if (first === door) {
        loop.serve(door);
      } else if (door.port !== first.port) {
        console.error(`rip-server: the app listens a second time, on port ${door.port}: that server gets no requests`);
      }
    });
    return this;
  };
  http.Server.prototype.listen = listen;
  https.Server.prototype.listen = listen;
  return () => first !== null;
}

module.exports = { Door, replaceListen };
