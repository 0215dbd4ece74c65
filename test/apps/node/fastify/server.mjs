// The shop of ../express/server.js with Fastify.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import cookie from '@fastify/cookie';
import form from '@fastify/formbody';
import multipart from '@fastify/multipart';
import Fastify from 'fastify';

const app = Fastify({ trustProxy: true });
await app.register(cookie, { secret: 'a secret' });
await app.register(form);
await app.register(multipart, { limits: { fileSize: 1 << 26 } });

const sessionOf = (request) => {
  const { valid, value } = request.unsignCookie(request.cookies.session ?? '');
  return valid && value ? JSON.parse(value) : null;
};
const keep = (reply, session) => reply.setCookie('session', JSON.stringify(session), { path: '/', httpOnly: true, signed: true });

app.get('/', (request, reply) =>
  reply.type('text/html').send('<form method="post" action="/login"><input name="name"><button>Log in</button></form>'));
app.post('/login', (request, reply) => keep(reply, { name: request.body.name, visits: 0 }).redirect('/me', 303));
app.get('/me', (request, reply) => {
  const session = sessionOf(request);
  if (!session) return reply.code(401).send('who are you?');
  session.visits++;
  return keep(reply, session).send({ ...session, ip: request.ip });
});
app.post('/logout', (request, reply) => reply.clearCookie('session', { path: '/' }).redirect('/'));
app.post('/upload', async (request) => {
  const file = await request.file();
  const data = await file.toBuffer();
  return { name: file.filename, size: data.length, sha256: createHash('sha256').update(data).digest('hex'), note: file.fields.note?.value };
});
const send = (reply, name) => {
  const file = path.join(process.env.SHOP_FILES, path.basename(name));
  if (!fs.existsSync(file)) return reply.callNotFound();
  return reply.header('Content-Length', fs.statSync(file).size).type('application/octet-stream').send(fs.createReadStream(file));
};
app.get('/files/:name', (request, reply) => send(reply, request.params.name));
app.get('/download', (request, reply) => send(reply.header('Content-Disposition', 'attachment; filename="big file.bin"'), 'big.bin'));
app.get('/items/:id', (request) => ({ id: request.params.id, colour: request.query.colour }));
app.post('/items', (request, reply) => reply.code(201).header('Location', `/items/${request.body.id}`).send(request.body));
app.get('/stream', (request, reply) => {
  async function* parts() {
    for (let i = 0; i < 3; i++) {
      yield `part ${i}\n`;
      await new Promise((go) => setTimeout(go, 5));
    }
  }
  return reply.type('text/plain').send(Readable.from(parts()));
});
app.get('/fails', async () => {
  throw new Error('this route fails');
});
app.setErrorHandler((error, request, reply) => reply.code(error.statusCode ?? 500).send({ error: error.message }));

await app.listen({ port: process.env.PORT || 3000, host: 'localhost' });
