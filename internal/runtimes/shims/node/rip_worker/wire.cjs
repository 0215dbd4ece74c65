'use strict';
// Numbers and layouts of the worker protocol, version 1.
module.exports = {
  REQUESTS: 3, REPLIES: 4, ROW: 5, LEDGER: 6, // descriptors

  REPLY: 2, GIVEN_BACK: 3, READY: 4, RELOADED: 5, // types of records to the server
  BODY_FILE: 1, FINAL: 2, BROKEN: 4, SPENT: 8, // flags

  MAX_RECORD: 128 << 10, // bytes, prefix included
  REQUEST_PREFIX: 24, REPLY_PREFIX: 48, // bytes

  // Offsets in the row and the ledger, bytes.
  ROW_CLAIM: 0, ROW_DONE: 8, ROW_SIZE: 40,
  LEDGER_LIFE: 0, LEDGER_METER: 8,
  LIFE_OVER: 1 << 30,

  // putNumber writes a number below 2^53 as a word of 64 bits. It is much faster
  // than a BigInt.
  putNumber(halves, at, n) {
    halves[at] = n; // its lower 32 bits
    halves[at + 1] = n / 0x100000000;
  },
};
