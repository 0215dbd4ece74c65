'use strict';
// The worker's place at the server: its row, the ledger and its limits. Node
// has no mmap(2), so both are read and written by pread(2) and pwrite(2).
const fs = require('node:fs');
const wire = require('./wire.cjs');

const BURST = 1_000_000n; // ns within which a request counts as following on a reply
const SEEN = 128; // slots, the first ones are used most
const NEAR = 32 << 10; // bytes of the ledger that are read at once rather than in pieces

class Seat {
  constructor(env) {
    this.leave = Number(env.RIP_LEAVE); // offset of its word in the ledger
    this.slots = Number(env.RIP_SLOTS); // offset of the word of slot 0
    this.workers = Number(env.RIP_WORKERS || 1); // of the app
    this.maxRequests = Number(env.RIP_MAX_REQUESTS || 0); // 0 = no end
    this.done = 0; // requests that were run
    this.meter = false; // somebody reads what a request costs
    this.cpu = 0n; // CPU time of the process when it was read last, ns
    this.finished = 0n; // when the last request was finished, ns
    this.parent = process.ppid;
    this.claimWord = Buffer.alloc(8);
    this.noClaim = Buffer.alloc(8);
    this.row = Buffer.alloc(wire.ROW_SIZE);
    this.counts = new BigUint64Array(this.row.buffer, this.row.byteOffset, wire.ROW_SIZE / 8);
    this.ledger = Buffer.alloc(NEAR);
    this.words = new Uint32Array(this.ledger.buffer, this.ledger.byteOffset, NEAR / 4);
    this.own = Buffer.alloc(wire.REPLY_PREFIX); // for records that are no replies
  }

  ready() {
    this.loaded(0);
    this.tell(wire.READY, Buffer.alloc(0));
  }

  // loaded notes in the row how often the code was loaded again.
  loaded(reloads) {
    this.counts[2] = BigInt(reloads);
    this.counts[3] = BigInt(reloads + 1);
    fs.writeSync(wire.ROW, this.row, 16, 16, 16);
  }

  // tell sends a record that is no reply.
  tell(type, body) {
    this.own.fill(0);
    this.own[0] = type;
    fs.writeSync(wire.REPLIES, Buffer.concat([this.own, body]));
  }

  // claim claims the request in a record, then looks. When it returns false the
  // request was given back.
  claim(record) {
    record.copy(this.claimWord, 0, 8, 16);
    fs.writeSync(wire.ROW, this.claimWord, 0, 8, wire.ROW_CLAIM);
    const slot = record.readUInt32LE(4);
    if (this.wanted(slot, record.readUInt32LE(8), record.readUInt32LE(12))) return true;
    fs.writeSync(wire.ROW, this.noClaim, 0, 8, wire.ROW_CLAIM);
    this.own.fill(0);
    this.own[0] = wire.GIVEN_BACK;
    record.copy(this.own, 4, 4, 16);
    fs.writeSync(wire.REPLIES, this.own);
    return false;
  }

  wanted(slot, low, high) {
    const { words, leave } = this;
    let at = this.slots + 8 * slot;
    if (at + 8 <= NEAR) {
      fs.readSync(wire.LEDGER, this.ledger, 0, at + 8, 0);
    } else {
      fs.readSync(wire.LEDGER, this.ledger, 0, leave + 8, 0);
      fs.readSync(wire.LEDGER, this.ledger, NEAR - 8, 8, at);
      at = NEAR - 8;
    }
    this.meter = words[wire.LEDGER_METER / 4] !== 0;
    return words[at / 4] === low && words[at / 4 + 1] === high && words[leave / 4] === 0 && !this.serverGone();
  }

  // serverGone goes by what wanted has read: what is in the queue then must not be run.
  serverGone() {
    const life = this.words[wire.LEDGER_LIFE / 4];
    return life === 0 ? process.ppid !== this.parent : (life & wire.LIFE_OVER) !== 0;
  }

  leaving() {
    fs.readSync(wire.LEDGER, this.ledger, 0, 8, this.leave);
    return this.words[0] !== 0;
  }

  // crowded tells whether so many requests are in flight that some must be in
  // the queue, even if other workers take one each meanwhile. It may be wrong.
  crowded() {
    fs.readSync(wire.LEDGER, this.ledger, 0, 8 * SEEN, this.slots);
    let n = 0;
    for (let i = 0; i < 2 * SEEN; i += 2) if (this.words[i] !== 0) n++;
    return n >= 2 * this.workers;
  }

  // cancelled tells whether the client of the request that runs has gone.
  cancelled(slot) {
    fs.readSync(wire.LEDGER, this.ledger, 0, 8, this.slots + 8 * slot);
    return !this.ledger.subarray(0, 8).equals(this.claimWord);
  }

  // take returns when a request was taken, ns, and notes the CPU time until
  // then. In a burst the last reading is taken for it, so that what it cost to
  // send one reply and to receive the next request is reckoned to the latter.
  take() {
    const took = process.hrtime.bigint();
    if (took - this.finished > BURST) this.cpu = cpuTime();
    return took;
  }

  // finish returns when a request was finished, ns, and notes the CPU time until
  // then. Where nobody reads what each request cost, a short one is taken to
  // have kept one processor busy.
  finish(took) {
    const finished = (this.finished = process.hrtime.bigint());
    if (this.meter || finished - took >= BURST) {
      const cpu = cpuTime();
      if (cpu > this.cpu) this.cpu = cpu;
    } else {
      this.cpu += finished - took;
    }
    return finished;
  }

  // spent tells whether the request that is being run is the last one.
  spent() {
    return this.maxRequests > 0 && this.done + 1 >= this.maxRequests;
  }

  // release ends a claim: it counts the request, and then clears the word.
  release() {
    this.counts[1] = BigInt(++this.done);
    this.claimWord.copy(this.row, 32);
    fs.writeSync(wire.ROW, this.row, wire.ROW_DONE, wire.ROW_SIZE - wire.ROW_DONE, wire.ROW_DONE);
    fs.writeSync(wire.ROW, this.noClaim, 0, 8, wire.ROW_CLAIM);
  }
}

// cpuTime returns the CPU time of the process in ns.
function cpuTime() {
  const { user, system } = process.cpuUsage();
  return BigInt(user + system) * 1000n;
}

module.exports = { Seat };
