'use strict';
// The worker's place at the server: its row, the ledger and its limits. Node
// has no mmap(2), so both are read and written by pread(2) and pwrite(2).
const fs = require('node:fs');
const wire = require('./wire.cjs');

const BURST = 1_000_000; // ns within which a request counts as following on a reply
const QUICK = 250_000; // ns that a request may take for what was seen when it was taken to count still
const SEEN = 64; // slots, the first ones are used most
const NEAR = 32 << 10; // bytes of the ledger that are read at once rather than in pieces

class Seat {
  constructor(env) {
    this.leave = Number(env.RIP_LEAVE); // offset of its word in the ledger
    this.slots = Number(env.RIP_SLOTS); // offset of the word of slot 0
    this.workers = Number(env.RIP_WORKERS || 1); // of the app
    this.maxRequests = Number(env.RIP_MAX_REQUESTS || 0); // 0 = no end
    this.done = 0; // requests that were run
    this.meter = false; // somebody reads what a request costs
    this.cpu = 0; // CPU time of the process when it was read last, ns
    this.finished = 0; // when the last request was finished, ns
    this.claimed = false; // the row holds an id
    this.quick = false; // the last request was a short one
    this.inFlight = 0; // requests in flight when the ledger was read last; at least
    this.seen = Math.min(NEAR, this.slots + 8 * SEEN); // bytes of the ledger that tell so
    this.parent = process.ppid;
    this.noClaim = Buffer.alloc(8);
    this.row = Buffer.allocUnsafeSlow(wire.ROW_SIZE).fill(0);
    this.ids = new Uint32Array(this.row.buffer); // its words by halves
    this.ledger = Buffer.allocUnsafeSlow(NEAR);
    this.words = new Uint32Array(this.ledger.buffer);
    this.word = new Uint32Array(2); // one of the ledger's
    this.own = Buffer.alloc(wire.REPLY_PREFIX); // for records that are no replies
  }

  ready() {
    this.loaded(0);
    this.tell(wire.READY, Buffer.alloc(0));
  }

  // loaded notes in the row how often the code was loaded again.
  loaded(reloads) {
    wire.putNumber(this.ids, 4, reloads);
    wire.putNumber(this.ids, 6, reloads + 1);
    fs.writeSync(wire.ROW, this.row, 16, 16, 16);
  }

  // tell sends a record that is no reply.
  tell(type, body) {
    this.own.fill(0);
    this.own[0] = type;
    fs.writeSync(wire.REPLIES, Buffer.concat([this.own, body]));
  }

  // claim claims a request, then looks. When it returns false the request was
  // given back.
  claim(slot, low, high) {
    this.ids[0] = low;
    this.ids[1] = high;
    fs.writeSync(wire.ROW, this.row, 0, 8, wire.ROW_CLAIM);
    this.claimed = true;
    if (this.wanted(slot, low, high)) return true;
    this.unclaim();
    this.own.fill(0);
    this.own[0] = wire.GIVEN_BACK;
    this.own.writeUInt32LE(slot, 4);
    this.own.writeUInt32LE(low, 8);
    this.own.writeUInt32LE(high, 12);
    fs.writeSync(wire.REPLIES, this.own);
    return false;
  }

  unclaim() {
    fs.writeSync(wire.ROW, this.noClaim, 0, 8, wire.ROW_CLAIM);
    this.claimed = false;
  }

  wanted(slot, low, high) {
    const { words } = this;
    const at = this.slots + 8 * slot;
    const near = at + 8 <= NEAR;
    const leaving = this.look(near ? at + 8 : 0);
    this.meter = words[wire.LEDGER_METER / 4] !== 0;
    if (leaving || this.serverGone()) return false;
    if (near) return words[at / 4] === low && words[at / 4 + 1] === high;
    this.readWord(at);
    return this.word[0] === low && this.word[1] === high;
  }

  // look reads the ledger, at least so many bytes of it, and returns whether the
  // worker is to leave.
  look(size) {
    const { words, leave } = this;
    fs.readSync(wire.LEDGER, this.ledger, 0, size > this.seen ? size : this.seen, 0);
    const end = this.seen / 4;
    let n = 0;
    for (let i = this.slots / 4; i < end; i += 2) if (words[i] !== 0) n++;
    this.inFlight = n;
    if (leave + 8 <= this.seen) return words[leave / 4] !== 0;
    this.readWord(leave);
    return this.word[0] !== 0;
  }

  readWord(offset) {
    fs.readSync(wire.LEDGER, this.word, 0, 8, offset);
  }

  // serverGone goes by what look has read: what is in the queue then must not be run.
  serverGone() {
    const life = this.words[wire.LEDGER_LIFE / 4];
    return life === 0 ? process.ppid !== this.parent : (life & wire.LIFE_OVER) !== 0;
  }

  leaving() {
    this.readWord(this.leave);
    return this.word[0] !== 0;
  }

  // crowded tells whether so many requests were in flight that some must be in
  // the queue, even if other workers take one each meanwhile. It may be wrong.
  crowded() {
    return this.inFlight >= 2 * this.workers;
  }

  // thronged tells whether that was seen so clearly, and so short a time ago, that
  // there is no need to look again.
  thronged() {
    return this.quick && this.inFlight >= 4 * this.workers;
  }

  // cancelled tells whether the client of the request that runs has gone.
  cancelled(slot) {
    this.readWord(this.slots + 8 * slot);
    return this.word[0] !== this.ids[0] || this.word[1] !== this.ids[1];
  }

  // take returns when a request was taken, ns, and notes the CPU time until
  // then. In a burst the last reading is taken for it, so that what it cost to
  // send one reply and to receive the next request is reckoned to the latter.
  take() {
    const took = now();
    if (took - this.finished > BURST) this.cpu = cpuTime();
    return took;
  }

  // finish returns when a request was finished, ns, and notes the CPU time until
  // then. Where nobody reads what each request cost, a short one is taken to
  // have kept one processor busy.
  finish(took) {
    const finished = (this.finished = now());
    const lasted = finished - took;
    this.quick = lasted < QUICK;
    if (this.meter || lasted >= BURST) {
      const cpu = cpuTime();
      if (cpu > this.cpu) this.cpu = cpu;
    } else {
      this.cpu += lasted;
    }
    return finished;
  }

  // spent tells whether the request that is being run is the last one.
  spent() {
    return this.maxRequests > 0 && this.done + 1 >= this.maxRequests;
  }

  // release counts the request, and then ends its claim, which may also be left
  // to the next one when that is about to come.
  release(next) {
    wire.putNumber(this.ids, 2, ++this.done);
    this.ids[8] = this.ids[0];
    this.ids[9] = this.ids[1];
    fs.writeSync(wire.ROW, this.row, wire.ROW_DONE, wire.ROW_SIZE - wire.ROW_DONE, wire.ROW_DONE);
    if (!next) this.unclaim();
  }
}

// now returns the time by CLOCK_MONOTONIC in ns, to the last bit for 104 days.
function now() {
  const [s, ns] = process.hrtime();
  return s * 1e9 + ns;
}

// cpuTime returns the CPU time of the process in ns.
function cpuTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

module.exports = { Seat };
