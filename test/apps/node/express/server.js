// A small shop: a form, sessions, uploads, downloads, redirects, errors. The apps
// beside this one are the same shop.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const express = require('express');
const session = require('express-session');
const multer = require('multer');

// Sessions that all workers share: a file for each.
class Files extends session.Store {
  at(id) {
    return path.join(process.env.SHOP_DATA, encodeURIComponent(id));
  }
  get(id, done) {
    fs.readFile(this.at(id), 'utf8', (error, text) => done(null, error ? null : JSON.parse(text)));
  }
  set(id, data, done) {
    const draft = `${this.at(id)}.${process.pid}`;
    fs.writeFile(draft, JSON.stringify(data), (error) => (error ? done(error) : fs.rename(draft, this.at(id), done)));
  }
  destroy(id, done) {
    fs.rm(this.at(id), { force: true }, done);
  }
}

const app = express();
app.use(session({ secret: 'a secret', resave: false, saveUninitialized: false, store: new Files() }));
app.use('/files', express.static(process.env.SHOP_FILES));

app.get('/', (req, res) => {
  res.type('html').send('<form method="post" action="/login"><input name="name"><button>Log in</button></form>');
});
app.post('/login', express.urlencoded({ extended: true }), (req, res) => {
  req.session.name = req.body.name;
  res.redirect(303, '/me');
});
app.get('/me', (req, res) => {
  if (!req.session.name) return res.status(401).send('who are you?');
  req.session.visits = (req.session.visits || 0) + 1;
  res.json({ name: req.session.name, visits: req.session.visits, ip: req.ip });
});
app.post('/logout', (req, res, next) => req.session.destroy((error) => (error ? next(error) : res.redirect('/'))));
app.post('/upload', multer().single('file'), (req, res) => {
  const { originalname, size, buffer } = req.file;
  res.json({ name: originalname, size, sha256: createHash('sha256').update(buffer).digest('hex'), note: req.body.note });
});
app.get('/download', (req, res) => res.download(path.join(process.env.SHOP_FILES, 'big.bin'), 'big file.bin'));
app.get('/items/:id', (req, res) => res.json({ id: req.params.id, colour: req.query.colour }));
app.post('/items', express.json(), (req, res) => res.status(201).location(`/items/${req.body.id}`).json(req.body));
app.get('/stream', async (req, res) => {
  res.type('text/plain');
  for (let i = 0; i < 3; i++) {
    res.write(`part ${i}\n`);
    await new Promise((go) => setTimeout(go, 5));
  }
  res.end();
});
app.get('/fails', async () => {
  throw new Error('this route fails');
});
app.use((error, req, res, next) => res.status(500).json({ error: error.message }));

app.listen(process.env.PORT || 3000);
