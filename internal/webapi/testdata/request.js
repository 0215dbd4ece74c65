const url = "http://localhost/a?b";

test("the defaults of a request", () => {
  const request = new Request(url);
  const { method, redirect, mode, credentials, cache, referrer, integrity, keepalive, duplex, destination } = request;
  equal([method, redirect, mode, credentials, cache], ["GET", "follow", "cors", "same-origin", "default"]);
  equal([referrer, integrity, keepalive, duplex, destination], ["about:client", "", false, "half", ""]);
  equal([request.url, request.body, request.bodyUsed, request.signal.aborted], [url, null, false, false]);
});

test("methods that everybody knows are in upper case, others are left", () => {
  for (const [given, want] of [["post", "POST"], ["patch", "patch"], ["PURGE", "PURGE"]]) {
    equal(new Request(url, { method: given }).method, want);
  }
});

test("what makes no request is refused", () => {
  for (const [input, init] of [
    ["/relative"], ["http://user@localhost/"], [url, { method: "CONNECT" }], [url, { method: "a b" }], [url, 1],
    [url, { body: "x" }], [url, { method: "HEAD", body: "x" }], [url, { mode: "navigate" }], [url, { redirect: "maybe" }],
    [url, { window: {} }], [url, { signal: {} }], [url, { cache: "only-if-cached" }], [url, { mode: "no-cors", method: "PUT" }],
    [url, { method: "POST", body: new ReadableStream() }],
  ]) {
    throws(() => new Request(input, init), "TypeError");
  }
  throws(() => new Request(), "TypeError");
});

test("a body gives its type, unless there is one", async () => {
  for (const [body, type] of [
    ["x", "text/plain;charset=UTF-8"], [new URLSearchParams("a=1"), "application/x-www-form-urlencoded;charset=UTF-8"],
    [new Blob(["x"], { type: "a/b" }), "a/b"], [new Uint8Array(1), null],
  ]) {
    equal(new Request(url, { method: "POST", body }).headers.get("content-type"), type);
    equal(new Request(url, { method: "POST", body, headers: { "Content-Type": "c/d" } }).headers.get("content-type"), "c/d");
  }
});

test("a body is read once, in any of the ways", async () => {
  const make = () => new Request(url, { method: "POST", body: '{"a":"\u00fc"}' });
  equal(await make().text(), '{"a":"\u00fc"}');
  equal(await make().json(), { a: "\u00fc" });
  equal((await make().arrayBuffer()).byteLength, 10);
  equal((await make().bytes()).length, 10);
  equal((await make().blob()).size, 10);
  const request = make();
  const reading = request.text();
  equal(request.bodyUsed, true);
  await reading;
  await rejects(request.text(), "TypeError");
  throws(() => request.clone(), "TypeError");
  throws(() => new Request(request), "TypeError");
});

test("a request made of another takes its body", async () => {
  const first = new Request(url, { method: "PUT", body: "x", headers: { a: "1" }, redirect: "manual" });
  const second = new Request(first, { headers: { b: "2" } });
  equal([first.bodyUsed, second.bodyUsed, second.method, second.redirect], [true, false, "PUT", "manual"]);
  equal([second.headers.has("a"), second.headers.get("b")], [false, "2"]);
  equal(await second.text(), "x");
});

test("a failed constructor leaves the body alone", () => {
  const request = new Request(url, { method: "POST", body: "x" });
  throws(() => new Request(request, { method: "GET" }), "TypeError");
  equal(request.bodyUsed, false);
});

test("a clone has the same bytes, also when they are a stream", async () => {
  const stream = () => new ReadableStream({ start: (c) => (c.enqueue(new Uint8Array([104, 105])), c.close()) });
  for (const init of [{ method: "POST", body: "hi" }, { method: "POST", body: stream(), duplex: "half" }]) {
    const request = new Request(url, init);
    const copy = request.clone();
    equal([await copy.text(), await request.text()], ["hi", "hi"]);
  }
});

test("signals follow", () => {
  const controller = new AbortController();
  const request = new Request(url, { signal: controller.signal });
  const copy = request.clone();
  const log = [];
  copy.signal.addEventListener("abort", () => log.push(copy.signal.reason));
  controller.abort("why");
  equal(log, ["why"]);
  equal([request.signal.aborted, request.signal.reason], [true, "why"]);
});

test("reading the body of a request without one", async () => {
  const request = new Request(url);
  equal(await request.text(), "");
  equal(request.bodyUsed, false);
  await rejects(request.json(), "SyntaxError");
  await rejects(request.formData(), "TypeError");
  await rejects(Request.prototype.text.call({}), "TypeError");
});
