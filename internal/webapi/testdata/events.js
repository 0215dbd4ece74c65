test("listeners are called once for each, in order, with this", () => {
  const target = new EventTarget();
  const log = [];
  const twice = () => log.push("twice");
  target.addEventListener("x", function (event) { log.push(this === target, event.target === target, event.eventPhase); });
  target.addEventListener("x", twice);
  target.addEventListener("x", twice);
  target.addEventListener("x", { handleEvent: () => log.push("object") }, { once: true });
  target.addEventListener("x", () => log.push("capture"), true);
  equal(target.dispatchEvent(new Event("x")), true);
  equal(log, ["capture", true, true, 2, "twice", "object"]);
  log.length = 0;
  target.removeEventListener("x", twice);
  target.dispatchEvent(new Event("x"));
  equal(log, ["capture", true, true, 2]);
});

test("stopping and canceling", () => {
  const target = new EventTarget();
  const log = [];
  target.addEventListener("x", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  target.addEventListener("x", () => log.push("late"));
  equal(target.dispatchEvent(new Event("x", { cancelable: true })), false);
  equal(target.dispatchEvent(new Event("x")), true);
  equal(log, []);
  target.addEventListener("y", (event) => event.preventDefault(), { passive: true });
  equal(target.dispatchEvent(new Event("y", { cancelable: true })), true);
});

test("what an event knows", () => {
  const event = new CustomEvent("x", { detail: 1, bubbles: true });
  equal([event.type, event.detail, event.bubbles, event.cancelable, event.isTrusted], ["x", 1, true, false, false]);
  equal([event.target, event.composedPath(), event.eventPhase, event.timeStamp > 0], [null, [], 0, true]);
  const failed = new ErrorEvent("error", { message: "m", lineno: 3, error: 5 });
  equal([failed.message, failed.filename, failed.lineno, failed.error], ["m", "", 3, 5]);
  throws(() => new Event(), "TypeError");
  throws(() => new EventTarget().dispatchEvent({}), "TypeError");
});

test("an event is dispatched once at a time", () => {
  const target = new EventTarget();
  const event = new Event("x");
  let thrown;
  target.addEventListener("x", () => (thrown = throws(() => target.dispatchEvent(event), "InvalidStateError")));
  target.dispatchEvent(event);
  equal([thrown.code, thrown instanceof DOMException], [11, true]);
});

test("a signal takes a listener away", () => {
  const target = new EventTarget();
  const controller = new AbortController();
  let count = 0;
  target.addEventListener("x", () => count++, { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  controller.abort();
  target.dispatchEvent(new Event("x"));
  target.addEventListener("x", () => count++, { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  equal(count, 1);
  throws(() => target.addEventListener("x", null, { signal: null }), "TypeError");
});

test("abort", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const log = [];
  signal.onabort = (event) => log.push(event.type, event.isTrusted);
  signal.throwIfAborted();
  controller.abort();
  controller.abort("again");
  equal([log, signal.aborted, signal.reason.name], [["abort", true], true, "AbortError"]);
  throws(() => signal.throwIfAborted(), "AbortError");
  equal(AbortSignal.abort(1).reason, 1);
  throws(() => new AbortSignal(), "TypeError");
});

test("AbortSignal.any follows through others, all of them before any event", () => {
  const [a, b] = [new AbortController(), new AbortController()];
  const both = AbortSignal.any([a.signal, b.signal]);
  const outer = AbortSignal.any([both]);
  const log = [];
  a.signal.onabort = () => (log.push(outer.aborted), b.abort("other"));
  outer.onabort = () => log.push(outer.reason);
  a.abort("why");
  equal([log, both.reason, AbortSignal.any([a.signal]).aborted], [[true, "why"], "why", true]);
});

test("AbortSignal.timeout", async () => {
  const signal = AbortSignal.timeout(1);
  await new Promise((resolve) => (signal.onabort = resolve));
  equal(signal.reason.name, "TimeoutError");
  throws(() => AbortSignal.timeout(-1), "TypeError");
});

test("DOMException", () => {
  const error = new DOMException("m", "NotFoundError");
  equal([error.message, error.name, error.code, String(error)], ["m", "NotFoundError", 8, "NotFoundError: m"]);
  equal([error instanceof Error, typeof error.stack, Object.keys(error)], [true, "string", []]);
  equal([new DOMException().name, new DOMException("", "x").code, DOMException.ABORT_ERR], ["Error", 0, 20]);
  equal(Object.getPrototypeOf(DOMException) === Function.prototype, true);
});

test("queueMicrotask runs after the script", async () => {
  const log = [];
  queueMicrotask(() => log.push(1));
  log.push(0);
  await null;
  equal(log, [0, 1]);
  throws(() => queueMicrotask(1), "TypeError");
});
