// The way in and out of the worker, once per request each.
//
// __rip.request(method, url, head, body) makes the Request of a handler.
//   head  the lines of the head, "name: value\r\n…", one string, or a flat list
//         name, value, name, value, …; it is looked at when headers are
//   body  an ArrayBuffer, which becomes the request's own, or null
//
// __rip.response(value) takes apart what a handler returned:
//   [status, statusText, head, body]
//   head  the lines of the head, "name: value\r\n…", names in lower case; its
//         characters are bytes (U+0000 to U+00FF)
//   body  null, a string, a Uint8Array or a ReadableStream
// It throws a TypeError when the value is not a Response with an unread body.
//
// __rip.pump(stream, write) reads a stream to its end and calls write with
// every chunk, a Uint8Array; when write returns a promise it waits for that.
// The promise it returns is rejected with the stream's error, and with a
// TypeError for a chunk that is not bytes. __rip.cancel(stream, reason) gives
// up one that is being pumped.
//
// __rip.abortRequest(request, reason) aborts the signal of a request.

const rip = __rip;

rip.request = (method, url, head, body) =>
  rip.newRequest(method, url, head, body === null || body === undefined ? null : rip.newBody(new Uint8Array(body)));

const describe = (value) => {
  if (value === null || value === undefined) return `${value}`;
  if (typeof value !== "object") return `a ${typeof value}`;
  return `an object ${Object.prototype.toString.call(value)}`;
};

const headOf = (list) => {
  let head = "";
  for (let i = 0; i < list.length; i += 2) head += `${list[i]}: ${list[i + 1]}\r\n`;
  return head;
};

rip.response = (value) => {
  if (!rip.isResponse(value)) throw new TypeError(`the handler returned ${describe(value)}, not a Response`);
  const { status, statusText, body, type } = rip.responseState(value);
  if (type === "error") throw new TypeError("the handler returned Response.error()");
  const head = headOf(rip.responseList(value));
  if (body === null) return [status, statusText, head, null];
  if (rip.unusable(body)) throw new TypeError("the body of the response was read already, or is locked");
  const { source, stream } = body;
  if (source === null) return [status, statusText, head, rip.bodyStream(body)];
  if (stream !== null) void stream.getReader();
  body.used = true;
  return [status, statusText, head, typeof source === "string" ? source : rip.sourceBytes(source)];
};

const pumps = new WeakMap();

rip.pump = async (stream, write) => {
  const reader = stream.getReader();
  pumps.set(stream, reader);
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    if (!(value instanceof Uint8Array)) {
      const error = new TypeError(`a chunk of the body is ${describe(value)}, not a Uint8Array`);
      reader.cancel(error).catch(() => {});
      throw error;
    }
    const wait = write(value);
    if (wait !== undefined) await wait;
  }
};

rip.cancel = (stream, reason) => (pumps.get(stream) ?? stream).cancel(reason);
