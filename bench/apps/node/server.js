// What apps do, in two pages: /work takes a millisecond of a processor and answers
// with 10 KB of JSON, /wait waits 20 ms as for a database. The other apps of this
// folder do the same.
const http = require('node:http');

function work() {
  let sum = 0;
  for (let i = 0; i < 270_000; i++) sum = (sum * 31 + i) % 65521;
  const items = [];
  for (let id = 0; id < 129; id++) items.push({ id, name: `item ${id}`, sum: (sum + id) % 1000, tags: ['one', 'two', 'three'], stock: true });
  return JSON.stringify({ items });
}

http
  .createServer((req, res) => {
    if (req.url === '/wait') {
      setTimeout(() => res.end('waited'), 20);
    } else {
      res.setHeader('Content-Type', 'application/json');
      res.end(work());
    }
  })
  .listen(process.env.PORT || 3000);
