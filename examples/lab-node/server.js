// The app of the tests and benchmarks, in plain http.createServer. Its paths, and
// what they mean, are those of examples/lab.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');

const PERIOD = Buffer.from(Array.from({ length: 251 }, (_, i) => i));
const BLOCK = Buffer.alloc(251 * 256, PERIOD); // a whole number of periods
const LINE = 128; // bytes of a line in the journal: a part of a page, so that it is written whole

const kept = [];
const journal = process.env.LAB_JOURNAL ? fs.openSync(process.env.LAB_JOURNAL, 'a', 0o600) : -1;

class BadNumber extends Error {}

http
  .createServer((req, res) => {
    const id = req.headers['x-lab-id'];
    if (id && journal >= 0) {
      write('start', id);
      // end() first: the answer may not be with the client before the line is.
      const { end, destroy } = res;
      let done = false;
      const note = () => {
        if (!done) write('done', id);
        done = true;
      };
      res.end = function (...args) {
        note();
        return end.apply(this, args);
      };
      res.destroy = function (...args) {
        note();
        return destroy.apply(this, args);
      };
      res.on('close', note);
    }
    serve(req, res);
  })
  .listen(process.env.PORT || 3000);

function write(what, id) {
  const line = `${what} ${id} ${process.pid}`.padEnd(LINE - 1) + '\n';
  if (line.length !== LINE) throw new Error(`X-Lab-Id ${id} is too long for the journal`);
  fs.writeSync(journal, line);
}

function serve(req, res) {
  const mark = req.url.indexOf('?');
  const name = mark < 0 ? req.url : req.url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : req.url.slice(mark + 1));
  try {
    (Object.hasOwn(pages, name) ? pages[name] : echo)(req, res, query);
  } catch (error) {
    if (!(error instanceof BadNumber)) throw error;
    res.statusCode = 400;
    say(res, `${error.message}\n`);
  }
}

// number returns a number from the query, 0 when it is not there.
function number(query, name) {
  const text = query.get(name) || '0';
  if (!/^\d+$/.test(text)) throw new BadNumber(`${name} is "${text}", not a number`);
  return Number(text);
}

function say(res, text) {
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  res.end(text);
}

// echo says what it received.
function echo(req, res) {
  const headers = {};
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i].toLowerCase().replace(/(^|-)[a-z]/g, (c) => c.toUpperCase());
    (headers[name] ??= []).push(req.rawHeaders[i + 1]);
  }
  const sum = createHash('sha256');
  let size = 0;
  req.on('data', (data) => {
    sum.update(data);
    size += data.length;
  });
  req.on('end', () => {
    res.setHeader('Content-Type', 'application/json');
    res.end(
      JSON.stringify({
        method: req.method,
        target: req.url,
        headers,
        size,
        sha256: sum.digest('hex'),
        worker: Number(process.env.RIP_WORKER || 0),
        pid: process.pid,
      }),
    );
  });
}

// pattern sends the first n bytes of the pattern.
async function pattern(n, out) {
  for (; n > 0; n -= BLOCK.length) {
    if (!out.write(BLOCK.subarray(0, n))) await new Promise((go) => out.once('drain', go).once('close', go));
  }
}

async function file(req, res, query) {
  const n = number(query, 'n');
  const folder = path.join(os.tmpdir(), 'rip-lab');
  const name = path.join(folder, `${n}.bin`);
  if (!fs.existsSync(name) || fs.statSync(name).size !== n) {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const draft = `${name}.${process.pid}`;
    const out = fs.createWriteStream(draft);
    await pattern(n, out);
    await new Promise((go) => out.end(go));
    fs.renameSync(draft, name);
  }
  res.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': n });
  fs.createReadStream(name).pipe(res);
}

function stream(req, res, query) {
  const n = number(query, 'n');
  const ms = number(query, 'ms');
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  const part = (i) => {
    if (i === n) {
      res.end();
      return;
    }
    res.write(`part ${i}\n`);
    setTimeout(part, i + 1 < n ? ms : 0, i + 1);
  };
  part(0);
}

function cpu(req, res, query) {
  const ms = number(query, 'ms');
  const begin = process.cpuUsage();
  let sum = 0;
  for (let used = begin; used.user + used.system - begin.user - begin.system < ms * 1000; used = process.cpuUsage()) {
    for (let i = 0; i < 10_000; i++) sum = (sum * 31 + i) | 0;
  }
  say(res, `spent ${ms} ms on ${sum}\n`);
}

const pages = {
  '/ping': (req, res) => say(res, 'pong'),
  '/json': (req, res) => {
    res.setHeader('Content-Type', 'application/json');
    res.end('{"message":"Hello, World!","list":[1,2,3]}\n');
  },
  '/echo': echo,
  '/pid': (req, res) => say(res, String(process.pid)),
  '/sleep': (req, res, query) => {
    const ms = number(query, 'ms');
    setTimeout(() => say(res, `slept ${ms} ms\n`), ms);
  },
  '/cpu': cpu,
  '/bytes': (req, res, query) => {
    const n = number(query, 'n');
    res.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': n });
    pattern(n, res).then(() => res.end());
  },
  '/stream': stream,
  '/file': file,
  '/panic': () => {
    throw new Error('the lab was asked to panic');
  },
  '/exit': (req, res, query) => process.exit(number(query, 'code')),
  '/abort': (req, res) => {
    res.write('the first half of it');
    // A server that learns of both at once may still answer with an error.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100);
  },
  '/hang': (req, res) => res.removeAllListeners('close'), // whatever happens
  '/alloc': (req, res, query) => {
    kept.push(Buffer.alloc(number(query, 'mb') << 20, 1)); // memory that nobody touched is not there yet
    say(res, `${kept.length} blocks\n`);
  },
  '/log': (req, res, query) => {
    console.log(query.get('line') ?? '');
    say(res, 'printed\n');
  },
};
