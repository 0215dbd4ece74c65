'use strict';
// Takes requests from the shared socket, one at a time: claim, then look.
//
// Node has two ways to wait for one. A read in the thread pool leaves the event
// loop alive, and costs two switches of threads and about 30 µs. A read in the
// main thread costs none of it, but stops the event loop, so it is for an app
// that has nothing else to wait for. Node itself knows when that is so: it emits
// 'beforeExit'. The server has set a receive timeout (SO_RCVTIMEO, socket(7)) on
// the shared socket, so such a read ends when a signal comes (signal(7)), and
// after that time in any case, for what a loop that may end does not wait for. As it
// is bounded, it is also used where there is something to wait for, when there are so
// many requests that one is most likely there.
const fs = require('node:fs');
const wire = require('./wire.cjs');
const { Head } = require('./head.cjs');
const { Reply } = require('./reply.cjs');

const TURN = 8; // requests of a burst in one turn of the event loop
const DRY = 1; // ms in which a loop with nothing to wait for runs dry
const ALIVE = 64; // requests for which it then is
const OWN_END = 3000; // ms that an app may take to end in its own way
const GONE = 500; // ms between two looks whether the client is still there
const PATIENT = 10; // such looks when the server may be about to ask what hangs

class Loop {
  constructor(seat) {
    this.seat = seat;
    this.record = Buffer.allocUnsafeSlow(wire.MAX_RECORD);
    this.words = new Uint32Array(this.record.buffer, 0, wire.REQUEST_PREFIX / 4);
    this.handler = null; // its run(reply, head, body, ended) returns what has gone()
    this.serving = false; // requests are taken
    this.reading = false; // a thread of the pool waits for one
    this.running = null; // the reply to the request that runs
    this.exchange = null; // what the handler returned for it
    this.stopping = false; // SIGTERM came
    this.over = false; // nothing is taken any more
    this.gone = 0; // looks since the client has gone
    this.burst = 0; // number of the last one, see readOn
    this.ahead = 0; // reads that it still has
    this.alive = 0; // requests until it is tried again whether the loop runs dry
    this.keep = null; // keeps the process alive
    this.waited = false; // the time for that is over once
    this.dry = setTimeout(() => this.isAlive(), DRY).unref();
    this.watch = setInterval(() => this.look(), GONE).unref();
    this.ended = () => this.end();
  }

  // serve says that the worker is ready and takes requests for a handler.
  serve(handler) {
    if (this.serving) return;
    this.handler = handler;
    this.serving = true;
    const { emit } = process;
    const loop = this;
    process.emit = function (name) {
      if (name !== 'beforeExit' || loop.over) return emit.apply(this, arguments);
      loop.ranDry();
      return true;
    };
    this.seat.ready();
    this.next();
  }

  // stop ends the taking of requests: the app has closed its server.
  stop() {
    this.over = true;
    if (this.running === null && this.seat.claimed) this.seat.unclaim();
  }

  // terminate is what SIGTERM does.
  terminate() {
    this.stopping = true;
    if (this.running === null) this.depart();
  }

  // depart ends a worker that runs nothing. An app that has its own way to end at
  // SIGTERM is let do so.
  depart() {
    this.over = true;
    if (process.listenerCount('SIGTERM') === 1) {
      this.exit();
    } else if (this.stopping) {
      setTimeout(() => this.exit(), OWN_END).unref();
    } else {
      process.emit('SIGTERM', 'SIGTERM', 15); // the server sends none to a worker that runs a request
    }
  }

  // exit ends an idle process. A thread that waits for a request would hold
  // process.exit up.
  exit() {
    if (!this.reading) process.exit(0);
    process.emit('exit', 0);
    process.removeAllListeners('SIGTERM');
    process.kill(process.pid, 'SIGTERM');
  }

  // next waits for the next request.
  next() {
    if (this.over) return;
    if (this.seat.crowded()) {
      this.readOn();
      return;
    }
    this.ahead = 0;
    if (this.alive > 0) {
      this.alive--;
      process.nextTick(readInPool, this);
    } else {
      this.letRunDry();
    }
  }

  // readOn reads several requests in one turn of the event loop, when they are short
  // ones: between two immediates Node runs all that is ready to run, and a turn
  // costs a tenth of a short request.
  readOn() {
    const { quick } = this.seat;
    if (quick && this.ahead > 0) return;
    this.burst++;
    this.ahead = quick ? TURN : 1;
    for (let i = 0; i < this.ahead; i++) setImmediate(readNow, this, this.burst);
  }

  letRunDry() {
    this.waited = false;
    this.dry.refresh();
  }

  // isAlive is called when the loop should have run dry. Its clock stands still while
  // it does, so the first time may be early; but a loop that runs dry does so before
  // there is a second time.
  isAlive() {
    if (!this.serving || this.running !== null || this.ahead > 0) return;
    if (!this.waited) {
      this.waited = true;
      this.dry.refresh();
    } else {
      this.alive = ALIVE;
      this.readInPool();
    }
  }

  // ranDry is called when the event loop has nothing left to wait for. Whatever
  // it does, the loop must turn once more.
  ranDry() {
    if (this.running !== null) {
      this.keep ??= setInterval(() => {}, 1 << 30); // it hangs, and the server will see to it
      return;
    }
    setImmediate(turn);
    if (!this.reading) this.readHere();
  }

  readHere() {
    let n;
    try {
      n = fs.readSync(wire.REQUESTS, this.record, 0, wire.MAX_RECORD, null);
    } catch (error) {
      if (error.code !== 'EAGAIN' && error.code !== 'EINTR') throw error;
      this.ahead = 0; // a burst is over before this is known
      if (this.seat.claimed && !this.stay()) return;
      if (this.alive > 0) this.readInPool();
      else this.letRunDry(); // when it has turned
      return;
    }
    this.take(n);
  }

  // stay ends a claim that was left to the next request, which did not come. It
  // returns whether the worker is to wait for one.
  stay() {
    this.seat.unclaim();
    if (!this.seat.leaving()) return true;
    this.depart();
    return false;
  }

  readInPool() {
    if (this.reading || this.running !== null || this.over) return;
    this.reading = true;
    fs.read(wire.REQUESTS, this.record, 0, wire.MAX_RECORD, null, (error, n) => {
      this.reading = false;
      if (error === null) {
        this.take(n);
      } else if (error.code === 'EAGAIN' || error.code === 'EINTR') {
        this.readInPool();
      } else {
        throw error;
      }
    });
  }

  // take runs the request in the record.
  take(size) {
    if (size === 0) process.exit(0); // the server is gone
    const { record, seat, words } = this;
    const slot = words[1];
    const low = words[2]; // of the id
    const high = words[3];
    const length = words[4];
    const took = seat.take();
    if (!seat.claim(slot, low, high)) {
      if (seat.leaving()) this.depart();
      else this.next();
      return;
    }
    const head = new Head(record.latin1Slice(wire.REQUEST_PREFIX, wire.REQUEST_PREFIX + length));
    const begin = wire.REQUEST_PREFIX + length;
    let body = null;
    if (record[1] & wire.BODY_FILE) {
      body = record.utf8Slice(begin, size);
    } else if (begin < size) {
      body = Buffer.from(record.subarray(begin, size)); // the record is used again
    }
    const reply = new Reply(seat, slot, low, high, took, seat.spent());
    this.running = reply;
    const exchange = this.handler.run(reply, head, body, this.ended);
    if (this.running === reply) this.exchange = exchange;
  }

  // end goes on when the last part of a reply is on its way.
  end() {
    const { spent } = this.running;
    this.running = this.exchange = null;
    if (this.keep !== null) {
      clearInterval(this.keep);
      this.keep = null;
    }
    const { seat } = this;
    const leaving = this.stopping || (!seat.thronged() && seat.look(0));
    seat.release(!spent && !leaving && !this.over && seat.crowded());
    if (spent) {
      this.awaitEnd();
    } else if (leaving) {
      this.over = true;
      setImmediate(() => this.depart()); // first what the app does when a response is finished
    } else {
      this.next();
    }
  }

  // awaitEnd waits until the server is gone; it ends a spent worker with SIGTERM.
  awaitEnd() {
    this.over = true;
    fs.read(wire.REPLIES, Buffer.alloc(1), 0, 1, null, () => process.exit(0));
    this.reading = true;
  }

  // look tells a request that runs for long when its client has gone.
  look() {
    if (this.exchange === null || !this.seat.cancelled(this.running.slot)) {
      this.gone = 0;
    } else if (++this.gone >= (this.seat.leaving() ? PATIENT : 1)) {
      this.exchange.gone();
    }
  }
}

function readNow(loop, burst) {
  if (burst !== loop.burst || loop.ahead === 0) return;
  loop.ahead--;
  if (!loop.over && !loop.reading && loop.running === null) loop.readHere();
}

function readInPool(loop) {
  loop.readInPool();
}

function turn() {}

module.exports = { Loop };
