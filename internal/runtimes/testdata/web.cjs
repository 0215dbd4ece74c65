// What stands in for Request and Response behaves as they do. Run with the path of web.cjs.
const assert = require('node:assert');
const web = require(process.argv[2]);
const Native = globalThis.Response;
web.replace();

async function main() {
  let r = new Response('hi', { status: 201, headers: { 'X-A': '1' } });
  assert(r instanceof Response && r instanceof Native && r.ok);
  assert.equal(r.status, 201);
  assert.equal(web.textOf(r), 'hi');
  assert.equal(web.fieldsOf(r), 'content-type: text/plain;charset=UTF-8\r\nX-A: 1\r\n');
  r.headers.set('x-b', '2');
  assert.equal(web.fieldsOf(r), 'content-type: text/plain;charset=UTF-8\r\nx-a: 1\r\nx-b: 2\r\n');
  const copy = r.clone();
  assert.equal(await copy.text(), 'hi');
  assert.equal(copy.headers.get('x-b'), '2');
  assert.equal(web.textOf(r), undefined);
  assert.equal(await r.text(), 'hi');
  assert(r.bodyUsed);

  r = Response.json({ a: 1 });
  assert.equal(web.textOf(r), '{"a":1}');
  assert.equal(r.headers.get('content-type'), 'application/json');
  assert.deepEqual(await r.json(), { a: 1 });
  assert.equal(Response.json(1, { headers: { 'Content-Type': 'a/b' } }).headers.get('content-type'), 'a/b');
  const init = { headers: { a: 'b' } };
  r = new Response('x', init);
  init.headers.a = 'c';
  assert.equal(r.headers.get('a'), 'b');

  assert.throws(() => new Response('x', { status: 99 }), RangeError);
  assert.throws(() => new Response('x', { status: 204 }));
  assert.throws(() => new Response('x', { headers: { a: 'b\r\nc' } }));
  assert.throws(() => new Response('x', { headers: { 'a b': 'c' } }));
  assert.throws(() => Response.json(undefined));

  r = Response.redirect('http://host/');
  assert(r instanceof Response && r.status === 302 && web.textOf(r) === undefined);
  assert.equal(new Response(null, { status: 304 }).body, null);
  r = new Response();
  assert(web.textOf(r) === '' && r.body === null);
  r = new Response('x', new Response('y', { status: 404, headers: { q: 'z' } }));
  assert(r.status === 404 && r.headers.get('q') === 'z');
  r = new Response('x', { headers: [['set-cookie', 'a=1'], ['set-cookie', 'b=2']] });
  assert.equal(web.fieldsOf(r), 'content-type: text/plain;charset=UTF-8\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n');
  r = await fetch('data:text/plain,yes');
  assert(r instanceof Response && web.fieldsOf(r).includes('content-type: text/plain'));
  class Mine extends Response {
    get mine() {
      return true;
    }
  }
  assert(new Mine('a').mine && (await new Mine('a').text()) === 'a');
  assert.equal(await new Response(new Uint8Array([65])).text(), 'A');

  const head = { method: 'POST', target: '/a?b', fields: ['Host', 'h:1', 'Content-Type', 'application/json'], secure: true };
  const q = web.standIn(head, () => Buffer.from('{"z":1}'));
  assert(q instanceof Request && q.url === 'https://h:1/a?b' && q.headers.get('content-type') === 'application/json');
  const other = new Request(q, { headers: { x: 'y' } });
  assert(other.method === 'POST' && other.headers.get('x') === 'y');
  assert.deepEqual(await other.json(), { z: 1 });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
