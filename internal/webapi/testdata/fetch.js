// base is the URL of a server in fetch_test.go.

test("text, json and bytes", async () => {
  const response = await fetch(`${base}/echo?q=1`);
  equal([response.status, response.ok, response.statusText, response.url, response.redirected, response.type],
    [200, true, "OK", `${base}/echo?q=1`, false, "basic"]);
  const echo = await response.json();
  equal([echo.method, echo.target, echo.body], ["GET", "/echo?q=1", ""]);
  equal(echo.header["User-Agent"], ["rip-server"]);
  equal((await fetch(`${base}/echo#fragment`)).url, `${base}/echo`);
  equal((await (await fetch(`${base}/bytes/100000`)).arrayBuffer()).byteLength, 100000);
  equal((await fetch(`${base}/status/204`)).body, null);
  const missing = await fetch(new URL(`${base}/status/404`));
  equal([missing.ok, missing.status, await missing.text()], [false, 404, "404"]);
});

test("what is sent", async () => {
  const post = await (await fetch(`${base}/echo`, {
    method: "post", body: JSON.stringify({ a: 1 }), headers: { "Content-Type": "application/json", "X-Latin": "\xe9", Connection: "close", Cookie: "a=b" },
  })).json();
  equal([post.method, post.body, post.length], ["POST", '{"a":1}', 7]);
  equal([post.header["Content-Type"], post.header["X-Latin"], post.header.Cookie, post.header.Connection],
    [["application/json"], ["\xe9"], ["a=b"], undefined]);
  const bytes = await (await fetch(`${base}/echo`, { method: "PUT", body: new Uint8Array([104, 105]) })).json();
  equal([bytes.method, bytes.body], ["PUT", "hi"]);
  const form = await (await fetch(new Request(`${base}/echo`, { method: "POST", body: new URLSearchParams({ a: "b c" }) }))).json();
  equal([form.body, form.header["Content-Type"]], ["a=b+c", ["application/x-www-form-urlencoded;charset=UTF-8"]]);
  const blob = await (await fetch(`${base}/echo`, { method: "POST", body: new Blob(["x", "y"], { type: "text/x" }) })).json();
  equal([blob.body, blob.header["Content-Type"]], ["xy", ["text/x"]]);
  equal((await (await fetch(`${base}/echo|?%zz^|`)).json()).target, "/echo|?%zz^|");
});

test("headers that come back", async () => {
  const { headers } = await fetch(`${base}/cookies`);
  equal(headers.getSetCookie(), ["a=1", "b=2"]);
  equal(headers.get("x-latin"), "\xe9");
  throws(() => headers.set("a", "b"), "TypeError");
});

test("redirects", async () => {
  const response = await fetch(`${base}/redirect/302/redirect/301/echo?end`);
  equal([response.url, response.redirected, response.status], [`${base}/echo?end`, true, 200]);
  const see = await (await fetch(`${base}/redirect/303/echo`, { method: "POST", body: "b", headers: { "Content-Type": "t/t" } })).json();
  equal([see.method, see.body, see.header["Content-Type"]], ["GET", "", undefined]);
  const kept = await (await fetch(`${base}/redirect/307/echo`, { method: "POST", body: "b" })).json();
  equal([kept.method, kept.body], ["POST", "b"]);
  const manual = await fetch(`${base}/redirect/302/echo`, { redirect: "manual" });
  equal([manual.status, manual.headers.get("location")], [302, "/echo"]);
  await rejects(fetch(`${base}/redirect/302/echo`, { redirect: "error" }), "TypeError");
  await rejects(fetch(`${base}/loop`), "TypeError");
  const away = await (await fetch(`${base}/away`, { headers: { Authorization: "secret", "X-Kept": "1" } })).json();
  equal([away.header.Authorization, away.header["X-Kept"]], [undefined, ["1"]]);
});

test("content codings", async () => {
  for (const coding of ["gzip", "deflate", "bare"]) {
    const response = await fetch(`${base}/coded/${coding}`);
    equal(await response.text(), "decoded ".repeat(1000), coding);
  }
  await rejects((await fetch(`${base}/coded/broken`)).text(), "TypeError");
});

test("a streamed response", async () => {
  const response = await fetch(`${base}/chunks`);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  equal(decoder.decode((await reader.read()).value), "first");
  await fetch(`${base}/next`);
  equal(decoder.decode((await reader.read()).value), "second");
  await fetch(`${base}/next`);
  equal((await reader.read()).done, true);
});

test("a streamed request", async () => {
  let count = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (count === 3) controller.close();
      else controller.enqueue(new TextEncoder().encode(`chunk${count++};`));
    },
  });
  const echo = await (await fetch(`${base}/echo`, { method: "POST", body, duplex: "half" })).json();
  equal([echo.body, echo.length], ["chunk0;chunk1;chunk2;", -1]);
  const broken = new ReadableStream({ pull() { throw new Error("mine"); } });
  equal((await rejects(fetch(`${base}/echo`, { method: "POST", body: broken, duplex: "half" }), "TypeError")).cause.message, "mine");
});

test("aborting", async () => {
  const reason = new Error("enough");
  equal(await fetch(base, { signal: AbortSignal.abort(reason) }).catch((error) => error) === reason, true);
  const controller = new AbortController();
  const waiting = fetch(`${base}/hang`, { signal: controller.signal });
  controller.abort();
  await rejects(waiting, "AbortError");
  const second = new AbortController();
  const response = await fetch(`${base}/chunks`, { signal: second.signal });
  const reader = response.body.getReader();
  await reader.read();
  const read = reader.read();
  second.abort(reason);
  equal(await read.catch((error) => error) === reason, true);
  await rejects(fetch(`${base}/hang`, { signal: AbortSignal.timeout(5) }), "TimeoutError");
});

test("a body that is read at once, or not", async () => {
  const get = () => fetch(`${base}/bytes/70000`);
  const once = await get();
  equal([once.bodyUsed, (await once.bytes()).byteLength, once.bodyUsed], [false, 70000, true]);
  await rejects(once.text(), "TypeError");
  equal(once.body.locked, true);
  const both = await get();
  const copy = both.clone();
  equal([(await both.text()).length, (await copy.arrayBuffer()).byteLength], [70000, 70000]);
  let length = 0;
  for await (const chunk of (await get()).body) length += chunk.byteLength;
  equal(length, 70000);
  const passed = new Response((await get()).body, { status: 201 });
  equal((await passed.blob()).size, 70000);
  const again = await fetch(`${base}/echo`, { method: "POST", body: (await fetch(`${base}/status/200`)).body, duplex: "half" });
  equal((await again.json()).body, "200");
});

test("aborting what has come in part", async () => {
  const reason = new Error("enough");
  for (const read of [(response) => response.text(), (response) => response.body.getReader().read()]) {
    const controller = new AbortController();
    const response = await fetch(`${base}/chunks`, { signal: controller.signal });
    controller.abort(reason);
    equal(await read(response).catch((error) => error) === reason, true);
    const later = new AbortController();
    const text = (await fetch(`${base}/chunks`, { signal: later.signal })).text();
    later.abort(reason);
    equal(await text.catch((error) => error) === reason, true);
  }
});

test("cancelling a body", async () => {
  const response = await fetch(`${base}/chunks`);
  await response.body.cancel();
  equal((await fetch(`${base}/echo`)).status, 200);
});

test("failures", async () => {
  const error = await rejects(fetch(closed), "TypeError");
  equal(error.message, "fetch failed");
  equal(error.cause.code, "ECONNREFUSED");
  await rejects(fetch("/relative"), "TypeError");
  await rejects(fetch(), "TypeError");
  await rejects(fetch("ftp://h/"), "TypeError");
  await rejects((await fetch(`${base}/short`)).text(), "TypeError");
});

test("data: and blob:", async () => {
  const text = await fetch("data:,a%20b");
  equal([await text.text(), text.headers.get("content-type"), text.url], ["a b", "text/plain;charset=US-ASCII", "data:,a%20b"]);
  const bytes = await fetch("data:application/octet-stream;base64,AP8=#x");
  equal([...new Uint8Array(await bytes.arrayBuffer())], [0, 255]);
  equal((await fetch("data:;charset=utf-8,x")).headers.get("content-type"), "text/plain;charset=utf-8");
  await rejects(fetch("data:no-comma"), "TypeError");
  await rejects(fetch("data:;base64,%"), "TypeError");
  const href = URL.createObjectURL(new Blob(["blob"], { type: "text/b" }));
  const blob = await fetch(href);
  equal([await blob.text(), blob.headers.get("content-type")], ["blob", "text/b"]);
  URL.revokeObjectURL(href);
  await rejects(fetch(href), "TypeError");
});
