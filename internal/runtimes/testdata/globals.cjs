// Request, Response and fetch are loaded when the app asks for them, not before.
// Run with the path of globals.cjs.
const assert = require('node:assert');
const globals = require(process.argv[2]);
const loaded = () => process.moduleLoadList.some((name) => name.endsWith('undici/undici'));
const { enumerable } = Object.getOwnPropertyDescriptor(globalThis, 'fetch');

globals.defer();
assert('Response' in globalThis && 'Request' in globalThis && 'fetch' in globalThis);
assert(!loaded());
assert.equal(Object.getOwnPropertyDescriptor(globalThis, 'fetch').enumerable, enumerable);

const own = () => {};
globalThis.fetch = own; // as a package does that brings its own
assert.equal(fetch, own);
assert(loaded());
const response = new Response('hi');
assert(response instanceof Response);
assert.equal(new Request('http://localhost/a').url, 'http://localhost/a');
globals.settle();
assert.equal(fetch, own);
assert.equal(new Response('hi').constructor, response.constructor);
assert.equal(Object.getOwnPropertyDescriptor(globalThis, 'fetch').enumerable, enumerable);
