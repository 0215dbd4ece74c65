'use strict';
// Finds what the app exports.
const fs = require('node:fs');
const http = require('node:http');
const Module = require('node:module');
const { pathToFileURL } = require('node:url');
const { Door } = require('./door.cjs');
const globals = require('./globals.cjs');

const NOTHING = `no app in ${process.argv[1]}: it did not call listen() of an http.Server, and does not export a handler (a function, or an object with fetch, as its default)`;

// exported returns a function that makes a handler of what the main module
// exports, null when that is none.
async function exported() {
  let module;
  try {
    const path = fs.realpathSync(process.argv[1]);
    module = Module._cache[path]?.exports ?? (await import(pathToFileURL(path)));
  } catch {
    return null; // Node itself tells of an error in the main module
  }
  return handlerOf(module);
}

// handlerOf tells what kind of handler it is by its shape.
function handlerOf(module) {
  const found = module?.default ?? module;
  if (found instanceof http.Server) return (loop) => new Door(found, {}, loop);
  if (typeof found?.fetch === 'function') return () => fetchHandler(found.fetch.bind(found));
  if (typeof found !== 'function') return null;
  if (found.length >= 2) return (loop) => new Door(http.createServer(found), {}, loop); // (req, res)
  return () => fetchHandler(found);
}

// fetchHandler loads what only such handlers need.
function fetchHandler(handle) {
  globals.settle();
  const { FetchHandler } = require('./fetch.cjs');
  return new FetchHandler(handle);
}

module.exports = { exported, NOTHING };
