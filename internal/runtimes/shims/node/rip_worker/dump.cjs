'use strict';
// Says what a request that does not end waits for. JavaScript that runs without
// end cannot be asked.
const net = require('node:net');

function dump(exchange) {
  const { method, url } = exchange?.req ?? {};
  const what = method ? `${method} ${url}` : 'no request';
  const waits = process.getActiveResourcesInfo().concat(process._getActiveHandles().map(peer).filter(Boolean));
  console.error(`SIGQUIT: ${what} has not ended. No JavaScript runs; the process waits for: ${waits.join(', ') || 'nothing'}`);
}

// peer says where a connection leads.
function peer(handle) {
  return handle instanceof net.Socket && handle.remoteAddress ? `${handle.remoteAddress}:${handle.remotePort}` : '';
}

module.exports = { dump };
