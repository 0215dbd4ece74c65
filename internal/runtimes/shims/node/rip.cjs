'use strict';
// Makes a process a worker of rip-server: node --require rip.cjs APP. Whatever
// the app starts in turn is none.
const { isMainThread } = require('node:worker_threads');

const at = process.execArgv.indexOf(__filename);
if (at > 0) process.execArgv.splice(at - 1, 2);
if (isMainThread && at > 0) require('./rip_worker/main.cjs').start();
