'use strict';
// From the start of the process to the first request.
const { Seat } = require('./seat.cjs');
const { Loop } = require('./loop.cjs');
const { pretend } = require('./cluster.cjs');
const { divert } = require('./exchange.cjs');
const { replaceListen } = require('./door.cjs');
const { dump } = require('./dump.cjs');
const load = require('./load.cjs');
const globals = require('./globals.cjs');

function start() {
  const { env } = process;
  if (env.RIP_PROTOCOL !== '1') fail('this program is started by rip-server, which runs apps: rip-server FOLDER');
  if (env.RIP_SOCKET !== 'seqpacket') fail('Node apps speak the socket type seqpacket alone: leave --socket out');
  env.NODE_ENV ||= env.RIP_ENV;
  const loop = new Loop(new Seat(env));
  process.on('SIGTERM', () => loop.terminate());
  process.on('SIGQUIT', () => dump(loop.exchange));
  pretend(env);
  divert();
  globals.defer();
  const listens = replaceListen(loop);
  setImmediate(async () => {
    const found = await load.exported();
    if (listens()) return;
    if (found !== null) {
      loop.serve(found(loop));
      return;
    }
    // It may listen later, when its database is there.
    process.once('beforeExit', () => {
      if (!loop.serving) fail(load.NOTHING);
    });
  });
}

function fail(text) {
  console.error(`rip-server: ${text}`);
  process.exit(1);
}

module.exports = { start };
