// rip-server examples/hello-node runs this; any app for http.createServer will do.
const http = require('node:http');

http
  .createServer((req, res) => {
    res.setHeader('Content-Type', 'text/plain');
    res.end(req.url === '/ping' ? 'pong' : 'Hello from rip-server!\n');
  })
  .listen(process.env.PORT || 3000);
