// ReadableStreamPipeTo: https://streams.spec.whatwg.org/#readable-stream-pipe-to

const rip = __rip;
const S = rip.streams;
const { when, resolved, deferred, handled } = S;

S.pipe = (source, destination, { preventAbort, preventCancel, preventClose, signal }) => {
  const reader = S.acquire(source);
  const writer = new S.Writer(destination);
  const result = deferred();
  let stopping = false;
  let lastWrite = resolved(undefined);
  source.disturbed = true;

  const finalize = (error) => {
    writer.release();
    reader.release();
    if (signal !== undefined) rip.offAbort(signal, abort);
    if (error === null) result.resolve(undefined);
    else result.reject(error.value);
  };

  // What was read before is written before anything else happens.
  const writesDone = () => {
    const waited = lastWrite;
    return when(lastWrite, () => (waited === lastWrite ? undefined : writesDone()));
  };

  const flush = (then) => {
    if (destination.state === "writable" && !destination.closing) when(writesDone(), then);
    else then();
  };

  // error is null or { value }.
  const stop = (action, error) => {
    if (stopping) return;
    stopping = true;
    flush(() => {
      if (action === null) {
        finalize(error);
        return;
      }
      when(
        action(),
        () => finalize(error),
        (value) => finalize({ value }),
      );
    });
  };

  const abort = () => {
    const { reason } = signal;
    const ends = [];
    if (!preventAbort) ends.push(() => (destination.state === "writable" ? destination.abort(reason) : resolved(undefined)));
    if (!preventCancel) ends.push(() => (source.state === "readable" ? source.cancel(reason) : resolved(undefined)));
    stop(() => Promise.all(ends.map((end) => end())), { value: reason });
  };

  if (signal !== undefined) {
    if (signal.aborted) {
      abort();
      return result.promise;
    }
    rip.onAbort(signal, abort);
  }

  const sourceFailed = (value) => stop(preventAbort ? null : () => destination.abort(value), { value });
  const destinationFailed = (value) => stop(preventCancel ? null : () => source.cancel(value), { value });

  if (source.state === "errored") sourceFailed(source.error);
  else when(reader.closed.promise, undefined, sourceFailed);

  if (destination.state === "errored") destinationFailed(destination.error);
  else when(writer.closed.promise, undefined, destinationFailed);

  const sourceEnded = () => stop(preventClose ? null : () => writer.closeUnlessClosed(), null);
  if (source.state === "closed") sourceEnded();
  else when(reader.closed.promise, sourceEnded, () => {});

  if (destination.closing || destination.state === "closed") destinationFailed(new TypeError("the destination is closed"));

  // step reads one chunk and returns a promise of whether that was the last.
  const step = () => {
    if (stopping) return resolved(true);
    return when(writer.ready.promise, () => {
      const read = deferred();
      reader.read({
        chunk: (chunk) => {
          lastWrite = handled(writer.write(chunk));
          lastWrite = when(lastWrite, undefined, () => {});
          read.resolve(false);
        },
        close: () => read.resolve(true),
        error: read.reject,
      });
      return read.promise;
    });
  };

  const loop = () => when(step(), (last) => (last ? undefined : loop()));
  handled(loop());
  return result.promise;
};

