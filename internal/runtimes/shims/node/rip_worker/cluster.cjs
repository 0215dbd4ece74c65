'use strict';
// Tells apps that start processes of their own that they are one of them: with
// node:cluster they see a worker, and with PM2 the number of their instance.
const cluster = require('node:cluster');
const { EventEmitter } = require('node:events');
const { syncBuiltinESMExports } = require('node:module');

function pretend(env) {
  const worker = new EventEmitter();
  Object.assign(worker, {
    id: Number(env.RIP_WORKER),
    process,
    exitedAfterDisconnect: undefined,
    isConnected: () => false,
    isDead: () => false,
    send: () => false,
    kill: () => process.kill(process.pid, 'SIGTERM'),
    disconnect: () => worker,
  });
  Object.assign(cluster, { isMaster: false, isPrimary: false, isWorker: true, worker });
  syncBuiltinESMExports();
  env.NODE_APP_INSTANCE ??= String(worker.id - 1);
}

module.exports = { pretend };
