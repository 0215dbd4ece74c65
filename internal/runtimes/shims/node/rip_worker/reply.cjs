'use strict';
// Sends the reply to one request as records.
const fs = require('node:fs');
const wire = require('./wire.cjs');

const FAILED = 'HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 22\r\n\r\n';
const FAILED_BODY = 'Internal Server Error\n';

// What a record is put together in. A worker has one reply at a time.
const record = Buffer.allocUnsafeSlow(wire.MAX_RECORD).fill(0, 0, wire.REPLY_PREFIX);
const words = new Uint32Array(record.buffer, 0, wire.REPLY_PREFIX / 4);

class Reply {
  constructor(seat, slot, low, high, took, spent) {
    this.seat = seat;
    this.slot = slot;
    this.low = low; // of its id
    this.high = high;
    this.took = took;
    this.cpu = seat.cpu; // CPU time of the process when it was taken, ns
    this.spent = spent; // it is the last one of this worker
    this.begun = false; // the head was given
    this.ended = false; // the last part is on its way
    this.at = wire.REPLY_PREFIX; // end of what is in the record
    this.head = 0; // bytes of the head in it
  }

  // interim sends a head of 1xx, with its empty line.
  interim(head) {
    if (this.begun || this.ended) return;
    this.start(head);
    this.send(0);
    this.begun = false;
  }

  // start gives the head, with its empty line.
  start(head) {
    this.begun = true;
    if (head.length > wire.MAX_RECORD - wire.REPLY_PREFIX) throw new RangeError('the head of the response is larger than a record');
    this.head = record.latin1Write(head, wire.REPLY_PREFIX);
    this.at = wire.REPLY_PREFIX + this.head;
  }

  // write adds a part of the body, a string or an Uint8Array. It is on its way
  // after flush or finish.
  write(data, encoding) {
    if (typeof data === 'string') {
      // A character has three bytes at most.
      if (3 * data.length <= wire.MAX_RECORD - this.at) {
        this.at += encoding === 'latin1' || encoding === 'binary' ? record.latin1Write(data, this.at) : record.write(data, this.at, encoding);
        return;
      }
      data = Buffer.from(data, encoding);
    }
    for (let done = 0; done < data.length; ) {
      const room = Math.min(wire.MAX_RECORD - this.at, data.length - done);
      record.set(room === data.length ? data : data.subarray(done, done + room), this.at);
      this.at += room;
      done += room;
      if (done < data.length) this.send(0);
    }
  }

  // flush sends what is there.
  flush() {
    if (this.at > wire.REPLY_PREFIX) this.send(0);
  }

  // finish sends the last part; broken is 0 or wire.BROKEN.
  finish(broken = 0) {
    if (this.ended) return;
    this.ended = true;
    const finished = this.seat.finish(this.took);
    wire.putNumber(words, 6, this.took);
    wire.putNumber(words, 8, finished);
    wire.putNumber(words, 10, this.seat.cpu - this.cpu);
    this.send(wire.FINAL | broken | (this.spent ? wire.SPENT : 0));
  }

  // fail ends the reply of an app that failed.
  fail(bodiless) {
    if (this.begun) {
      this.finish(wire.BROKEN);
      return;
    }
    this.start(FAILED);
    if (!bodiless) this.write(FAILED_BODY, 'latin1');
    this.finish();
  }

  // abort ends the reply so that the client sees it as incomplete.
  abort() {
    if (!this.begun) this.start(FAILED);
    this.finish(wire.BROKEN);
  }

  send(flags) {
    words[0] = wire.REPLY | (flags << 8);
    words[1] = this.slot;
    words[2] = this.low;
    words[3] = this.high;
    words[4] = this.head;
    try {
      fs.writeSync(wire.REPLIES, record, 0, this.at);
    } catch (problem) {
      if (problem.code !== 'EPIPE') throw problem;
      process.exit(0); // the server is gone, and the app need not hear of it
    }
    this.head = 0;
    this.at = wire.REPLY_PREFIX;
  }
}

module.exports = { Reply };
