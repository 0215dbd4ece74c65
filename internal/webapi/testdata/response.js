test("the defaults of a response", () => {
  const response = new Response();
  equal([response.status, response.statusText, response.ok, response.type], [200, "", true, "default"]);
  equal([response.url, response.redirected, response.body, [...response.headers].length], ["", false, null, 0]);
});

test("what makes no response is refused", () => {
  for (const status of [0, 199, 600, 70000, "x"]) throws(() => new Response("", { status }), "RangeError");
  for (const status of [204, 205, 304]) throws(() => new Response("", { status }), "TypeError");
  throws(() => new Response("", { statusText: "\n" }), "TypeError");
  throws(() => new Response("", 1), "TypeError");
  equal(new Response(null, { status: 204 }).status, 204);
});

test("Response.json", async () => {
  const response = Response.json({ a: [1] }, { status: 201, headers: { "x-a": "b" } });
  equal([response.status, response.headers.get("content-type"), response.headers.get("x-a")], [201, "application/json", "b"]);
  equal(await response.json(), { a: [1] });
  throws(() => Response.json(undefined), "TypeError");
  throws(() => Response.json({}, { status: 204 }), "TypeError");
});

test("Response.redirect and Response.error have headers that stay", () => {
  const response = Response.redirect("http://localhost/ü", 303);
  equal([response.status, response.headers.get("location")], [303, "http://localhost/%C3%BC"]);
  throws(() => response.headers.set("a", "b"), "TypeError");
  throws(() => Response.redirect("http://localhost/", 200), "RangeError");
  throws(() => Response.redirect("/relative"), "TypeError");
  equal([Response.error().type, Response.error().status], ["error", 0]);
  throws(() => Response.error().headers.append("a", "b"), "TypeError");
});

test("text loses a byte order mark and what is not UTF-8", async () => {
  equal(await new Response("\ufeffa\ud800").text(), "a\ufffd");
  equal(await new Response(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff, 0xe2, 0x82])).text(), "a\ufffd\ufffd");
});

test("a body is a stream of bytes when one looks", async () => {
  const response = new Response("hello");
  const { body } = response;
  equal([body === response.body, body.locked, response.bodyUsed], [true, false, false]);
  const reader = body.getReader({ mode: "byob" });
  const { value, done } = await reader.read(new Uint8Array(3));
  equal([new TextDecoder().decode(value), done, response.bodyUsed], ["hel", false, true]);
  equal(new TextDecoder().decode((await reader.read(new Uint8Array(3))).value), "lo");
  equal((await reader.read(new Uint8Array(3))).done, true);
});

test("a stream as a body", async () => {
  const make = (...chunks) => new Response(new ReadableStream({ start: (c) => (chunks.forEach((chunk) => c.enqueue(chunk)), c.close()) }));
  equal(await make(new Uint8Array([104]), new Uint8Array([105])).text(), "hi");
  for (const chunk of ["text", 1, null, new ArrayBuffer(1), new Uint16Array(1)]) await rejects(make(chunk).text(), "TypeError");
  const failing = new Response(new ReadableStream({ pull: () => Promise.reject(new RangeError("x")) }));
  await rejects(failing.arrayBuffer(), "RangeError");
});

test("a copy of what the app holds", async () => {
  const bytes = new Uint8Array([1, 2]);
  const response = new Response(bytes);
  bytes[0] = 9;
  const copy = response.clone();
  const first = await response.bytes();
  first[1] = 9;
  equal([...(await copy.bytes())], [1, 2]);
});

test("other objects become text", async () => {
  equal(await new Response({ toString: () => "x" }).text(), "x");
  equal(await new Response(12).text(), "12");
  equal(await new Response([1, 2]).text(), "1,2");
});

test("the type of a blob is what the headers say when it is read", async () => {
  const response = new Response("x", { headers: { "content-type": 'TEXT/html;charset="utf-8"; a=b' } });
  equal((await response.clone().blob()).type, "text/html;charset=utf-8;a=b");
  response.headers.delete("content-type");
  equal((await response.blob()).type, "");
});
