'use strict';
// Has an app meet web.cjs in place of Node's Request, Response and fetch when it asks
// for one of them first. Most apps that listen never do, and are spared what loading
// them takes: a fifth of a worker's start.
const NAMES = ['Request', 'Response', 'fetch'];

let natives = null; // descriptors of Node's, while they are put off

// defer puts them off.
function defer() {
  natives = NAMES.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  NAMES.forEach((name, i) => {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: natives[i].enumerable,
      get() {
        settle();
        return globalThis[name];
      },
      set(value) {
        settle();
        globalThis[name] = value;
      },
    });
  });
}

// settle loads them.
function settle() {
  if (natives === null) return;
  NAMES.forEach((name, i) => Object.defineProperty(globalThis, name, natives[i]));
  natives = null;
  require('./web.cjs').replace();
}

module.exports = { defer, settle };
