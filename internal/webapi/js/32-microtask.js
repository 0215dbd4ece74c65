// queueMicrotask: https://html.spec.whatwg.org/#dom-queuemicrotask
// What the callback throws becomes an unhandled rejection.

const rip = __rip;
const settled = Promise.resolve();
const { then } = Promise.prototype;

Object.defineProperty(globalThis, "queueMicrotask", {
  value: function queueMicrotask(callback) {
    rip.required(1, arguments.length, "queueMicrotask");
    rip.callback(callback, "the callback of queueMicrotask");
    Reflect.apply(then, settled, [() => void callback()]);
  },
  writable: true,
  enumerable: true,
  configurable: true,
});
