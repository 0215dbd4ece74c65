// What bodies need of streams.

const rip = __rip;
const S = rip.streams;
const { resolved, rejected, deferred } = S;

// Chunks of a body that is in memory are that long at most.
const CHUNK = 64 * 1024;

// bytesStream makes a stream of bytes that are made when somebody reads.
rip.bytesStream = (make) => {
  let bytes = null;
  let at = 0;
  const pull = (controller) => {
    try {
      bytes ??= make();
      if (at < bytes.byteLength) {
        const end = Math.min(at + CHUNK, bytes.byteLength);
        controller.enqueue(bytes.slice(at, end));
        at = end;
      }
      if (at === bytes.byteLength) {
        controller.close();
        // A read into a buffer that waits is answered with its end.
        if (controller.pending.length > 0) controller.respond(0);
      }
      return resolved(undefined);
    } catch (error) {
      return rejected(error);
    }
  };
  return S.wrap(S.createBytes(() => undefined, pull, () => resolved(undefined)));
};

// readStream reads a stream to its end and returns its bytes.
rip.readStream = (stream) => {
  const reader = S.acquire(rip.readableState(stream));
  const result = deferred();
  const chunks = [];
  let length = 0;
  const read = () =>
    reader.read({
      chunk: (chunk) => {
        if (!(chunk instanceof Uint8Array)) {
          const error = new TypeError("a chunk of the body is not a Uint8Array");
          S.handled(reader.cancel(error));
          result.reject(error);
          return;
        }
        chunks.push(chunk);
        length += chunk.byteLength;
        S.soon(read);
      },
      close: () => {
        const bytes = new Uint8Array(length);
        let at = 0;
        for (const chunk of chunks) {
          bytes.set(chunk, at);
          at += chunk.byteLength;
        }
        result.resolve(bytes);
      },
      error: result.reject,
    });
  read();
  return result.promise;
};

// teeStream is the tee of clones: the second stream has chunks of its own.
rip.teeStream = (stream) => S.tee(rip.readableState(stream), true).map(S.wrap);
rip.streamDisturbed = (stream) => rip.readableState(stream).disturbed;
rip.streamLocked = (stream) => rip.readableState(stream).locked;

