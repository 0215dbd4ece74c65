// Runs an app in several processes that share a port or a Unix socket, as PM2's
// cluster mode does.
//
//     node node-cluster.js APP PROCESSES PORT|PATH
const cluster = require('node:cluster');

const [app, processes, listen] = process.argv.slice(2);
if (cluster.isPrimary) {
  for (let i = 0; i < Number(processes); i++) cluster.fork();
} else {
  process.env.PORT = listen;
  require(app);
}
