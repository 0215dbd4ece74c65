'use strict';
// Makes a process a worker of rip-server: node --require rip.cjs APP. Whatever
// the app starts in turn is none.
const { realpathSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const [option, path] = process.execArgv;
if (isMainThread && option === '--require' && realpathSync(path) === __filename) {
  process.execArgv.splice(0, 2);
  require('./rip_worker/main.cjs').start();
}
