// fetch: https://fetch.spec.whatwg.org/#fetch-method
//
// The host does HTTP; here is what has to do with streams and signals.

const rip = __rip;
const host = __host;

// Bodies that nobody reads and nobody holds any more free their connection.
const forgotten = new FinalizationRegistry((id) => host.fetchAbort(id));

// The host puts the name of an error of the network in parentheses.
const coded = (cause) => {
  const code = /\((E[A-Z0-9]+)\)$/.exec(cause?.message);
  if (code !== null) cause.code = code[1];
  return cause;
};
const failed = (cause) => new TypeError("fetch failed", { cause: coded(cause) });

const signalOf = (request) => {
  const { signal, follows, ended } = rip.requestState(request);
  return signal === null && follows === null && ended === null ? null : request.signal;
};

// upload sends a stream. The host hears of its end, or of its error.
const upload = async (id, stream) => {
  try {
    await rip.pump(stream, (chunk) => host.fetchWrite(id, chunk));
    host.fetchEnd(id);
  } catch (error) {
    host.fetchAbort(id);
    throw error;
  }
};

// broken is what a body ends with that is not complete.
const broken = (call, error) => (call.aborted ? call.reason : new TypeError("terminated", { cause: coded(error) }));

// download is the stream of a response's body, read from the host when asked.
const download = (id, call) =>
  new rip.ReadableStream(
    {
      type: "bytes",
      start(controller) {
        call.stop = (reason) => controller.error(reason);
      },
      async pull(controller) {
        let chunk;
        try {
          chunk = await host.fetchRead(id);
        } catch (error) {
          if (call.stop !== null) controller.error(broken(call, error));
          call.end();
          return;
        }
        if (call.stop === null) return;
        if (chunk.byteLength > 0) {
          controller.enqueue(new Uint8Array(chunk));
          return;
        }
        call.end();
        controller.close();
        controller.byobRequest?.respond(0);
      },
      cancel() {
        call.end();
        host.fetchAbort(id);
      },
    },
    { highWaterMark: 0 },
  );

// remote is the body of a response, as 20-body.js has it.
const remote = (id, call) => {
  forgotten.register(call, id, call);
  return {
    stream: () => download(id, call),
    async bytes() {
      try {
        const all = host.fetchReadAll(id);
        return new Uint8Array(await (call.gone === null ? all : Promise.race([all, call.gone])));
      } catch (error) {
        throw broken(call, error);
      } finally {
        call.end();
      }
    },
  };
};

// follow ties a call to a signal. gone is rejected when the signal aborts, and
// stop, once there is a stream, is told.
const follow = (id, signal) => {
  const call = { gone: null, aborted: false, reason: undefined, stop: null, end: () => forgotten.unregister(call) };
  if (signal === null) return call;
  call.gone = new Promise((_, reject) => {
    const abort = () => {
      call.aborted = true;
      call.reason = signal.reason;
      host.fetchAbort(id);
      reject(signal.reason);
      call.stop?.(signal.reason);
      call.end();
    };
    signal.addEventListener("abort", abort);
    call.end = () => {
      call.stop = null;
      signal.removeEventListener("abort", abort);
      forgotten.unregister(call);
    };
  });
  call.gone.catch(() => {});
  return call;
};

const bodiless = new Set([101, 103, 204, 205, 304]);

const send = async (request, signal) => {
  const { method, url, body, flags } = rip.requestState(request);
  if (!/^https?:/.test(url)) return rip.fetchLocal(url, method);
  let bytes = null;
  let stream = null;
  if (body !== null) {
    if (body.source === null || body.stream !== null) stream = rip.bodyStream(body);
    else {
      body.used = true;
      bytes = typeof body.source === "string" ? body.source : rip.sourceBytes(body.source);
    }
  }
  const id = host.fetchStart(method, url, flags.redirect, stream !== null, bytes, ...rip.requestHeaders(request));
  const call = follow(id, signal);
  const waits = [host.fetchHead(id)];
  if (call.gone !== null) waits.push(call.gone);
  if (stream !== null) waits.push(upload(id, stream).then(() => new Promise(() => {})));
  let head;
  try {
    head = await Promise.race(waits);
  } catch (error) {
    call.end();
    if (stream !== null) rip.cancel(stream, error).catch(() => {});
    for (const wait of waits) wait.catch(() => {});
    throw call.aborted ? call.reason : failed(error);
  }
  if (stream !== null) waits[waits.length - 1].catch(() => {});
  const [status, statusText, href, redirected, ...list] = head;
  let answer = null;
  if (method === "HEAD" || bodiless.has(+status)) {
    call.end();
    host.fetchAbort(id);
  } else {
    answer = rip.newBody(null);
    answer.remote = remote(id, call);
  }
  return rip.fetched(+status, statusText, list, answer, href, redirected === "true");
};

rip.define("fetch", async function fetch(input, init = undefined) {
  rip.required(1, arguments.length, "fetch");
  const request = new rip.Request(input, init);
  const signal = signalOf(request);
  if (signal?.aborted) {
    const { body } = rip.requestState(request);
    if (body !== null && body.stream !== null) body.stream.cancel(signal.reason).catch(() => {});
    throw signal.reason;
  }
  return send(request, signal);
});
