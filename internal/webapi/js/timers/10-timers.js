// Timers: https://html.spec.whatwg.org/#timers
//
// The host keeps the time; callbacks stay here, under the number that apps get.

const rip = __rip;
const host = __host;

const timers = new Map();
let last = 0;

const start = (name, callback, delay, args, repeat) => {
  if (typeof callback !== "function") throw new TypeError(`${name}: the callback is not a function`);
  const wait = Math.max(delay | 0, repeat ? 1 : 0);
  const id = ++last;
  timers.set(id, { callback, args, wait, repeat });
  host.startTimer(id, wait);
  return id;
};

const clear = (id) => {
  id = id | 0;
  if (timers.delete(id)) host.stopTimer(id);
};

// fireTimer is the host's call when the time has come.
const fireTimer = (id) => {
  const timer = timers.get(id);
  if (timer === undefined) return;
  if (!timer.repeat) timers.delete(id);
  try {
    timer.callback.apply(globalThis, timer.args);
  } finally {
    if (timer.repeat && timers.has(id)) host.startTimer(id, timer.wait);
  }
};
rip.fireTimer = fireTimer;

rip.define("setTimeout", function setTimeout(callback, delay = 0, ...args) {
  return start("setTimeout", callback, delay, args, false);
});

rip.define("setInterval", function setInterval(callback, delay = 0, ...args) {
  return start("setInterval", callback, delay, args, true);
});

rip.define("setImmediate", function setImmediate(callback, ...args) {
  return start("setImmediate", callback, 0, args, false);
});

rip.define("clearTimeout", function clearTimeout(id = 0) {
  clear(id);
});

rip.define("clearInterval", function clearInterval(id = 0) {
  clear(id);
});

rip.define("clearImmediate", function clearImmediate(id = 0) {
  clear(id);
});
