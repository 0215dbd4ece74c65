// The way of a request through an app. It evaluates to a function that is called
// once for each engine, with the functions of Go in host, and with what the app
// exports as its default.
(function (rip, host, app, env) {
  "use strict";
  const { reply, write, finish, fail, peek, background } = host;
  const { isResponse, request: makeRequest, response: takeApart, pump, cancel, abortRequest } = rip;
  const { then } = Promise.prototype;
  const { apply } = Reflect;
  const { resolve } = Promise;

  const method = app !== null && app !== undefined && typeof app.fetch === "function";
  if (!method && typeof app !== "function") {
    throw new TypeError("the default export is neither a function nor an object with a function fetch");
  }

  // What reply says is left to do about a body.
  const PUMP = 1;
  const DROP = 2;

  const promised = (value, kept, broken) => apply(then, apply(resolve, Promise, [value]), [kept, broken]);

  const drop = (body, reason) => promised(cancel(body, reason), undefined, () => {});

  const context = {
    waitUntil(promise) {
      background(1);
      promised(
        promise,
        () => background(-1),
        (error) => background(-1, error),
      );
    },
    passThroughOnException() {},
  };

  let count = 0;
  let request = null;
  let stream = null;

  const send = (id, value) => {
    const parts = takeApart(value); // by index: taking arrays apart is slow here
    const body = parts[3];
    switch (reply(id, parts[0], parts[2], body)) {
      case PUMP:
        stream = body;
        promised(
          pump(body, (chunk) => write(id, chunk)),
          () => finish(id),
          (error) => {
            drop(body, error);
            fail(id, error);
          },
        );
        break;
      case DROP:
        drop(body);
    }
  };

  return {
    // run runs a request. Many handlers are async functions that wait for
    // nothing, so what a promise was fulfilled with is looked at right away.
    run(verb, url, head, body) {
      const id = ++count;
      stream = null;
      request = makeRequest(verb, url, head, body);
      const result = method ? app.fetch(request, env, context) : app(request, env, context);
      if (isResponse(result)) return send(id, result);
      const value = peek(result);
      if (value !== undefined) return send(id, value);
      promised(
        promised(result, (value) => send(id, value)),
        undefined,
        (error) => fail(id, error),
      );
    },

    // gone tells the app that the client of the running request has left.
    gone() {
      const reason = new DOMException("the client has gone", "AbortError");
      abortRequest(request, reason);
      if (stream !== null) drop(stream, reason);
    },
  };
});
