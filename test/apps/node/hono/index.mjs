// The shop of ../express/server.js with Hono, on its server for Node or, with
// SHOP_EXPORT, as an exported handler.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import { streamText } from 'hono/streaming';

const app = new Hono();
const secret = 'a secret';
const keep = (c, session) => setSignedCookie(c, 'session', JSON.stringify(session), secret, { path: '/', httpOnly: true });

app.get('/', (c) => c.html('<form method="post" action="/login"><input name="name"><button>Log in</button></form>'));
app.post('/login', async (c) => {
  const { name } = await c.req.parseBody();
  await keep(c, { name, visits: 0 });
  return c.redirect('/me', 303);
});
app.get('/me', async (c) => {
  const value = await getSignedCookie(c, secret, 'session');
  if (!value) return c.text('who are you?', 401);
  const session = JSON.parse(value);
  session.visits++;
  await keep(c, session);
  return c.json({ ...session, ip: c.env.incoming?.socket.remoteAddress ?? c.env.remoteAddress });
});
app.post('/logout', (c) => {
  deleteCookie(c, 'session', { path: '/' });
  return c.redirect('/');
});
app.post('/upload', async (c) => {
  const { file, note } = await c.req.parseBody();
  const data = Buffer.from(await file.arrayBuffer());
  return c.json({ name: file.name, size: data.length, sha256: createHash('sha256').update(data).digest('hex'), note });
});
const send = (c, name) => {
  const file = path.join(process.env.SHOP_FILES, path.basename(name));
  if (!fs.existsSync(file)) return c.notFound();
  c.header('Content-Length', String(fs.statSync(file).size));
  return c.body(Readable.toWeb(fs.createReadStream(file)));
};
app.get('/files/:name', (c) => send(c, c.req.param('name')));
app.get('/download', (c) => {
  c.header('Content-Disposition', 'attachment; filename="big file.bin"');
  return send(c, 'big.bin');
});
app.get('/items/:id', (c) => c.json({ id: c.req.param('id'), colour: c.req.query('colour') }));
app.post('/items', async (c) => {
  const item = await c.req.json();
  return c.json(item, 201, { Location: `/items/${item.id}` });
});
app.get('/stream', (c) =>
  streamText(c, async (out) => {
    for (let i = 0; i < 3; i++) {
      await out.writeln(`part ${i}`);
      await out.sleep(5);
    }
  }));
app.get('/fails', () => {
  throw new Error('this route fails');
});
app.onError((error, c) => c.json({ error: error.message }, 500));

if (!process.env.SHOP_EXPORT) serve({ fetch: app.fetch, port: Number(process.env.PORT || 3000) });

export default app;
