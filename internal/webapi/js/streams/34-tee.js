// ReadableStreamTee: https://streams.spec.whatwg.org/#abstract-opdef-readablestreamtee

const rip = __rip;
const S = rip.streams;
const { when, resolved, deferred } = S;

const copyOf = (chunk) => {
  if (ArrayBuffer.isView(chunk) && !(chunk instanceof DataView)) return chunk.slice();
  return rip.structuredClone(chunk);
};
const copyBytes = (view) => new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));

// What both ways to tee have in common: two branches, and the end of both.
class Tee {
  canceled = [false, false];
  reasons = [undefined, undefined];
  branches = [null, null];
  end = deferred();

  constructor(stream) {
    this.stream = stream;
  }

  get open() {
    return !this.canceled[0] || !this.canceled[1];
  }

  finish() {
    if (this.open) this.end.resolve(undefined);
  }

  cancel(index, reason) {
    this.canceled[index] = true;
    this.reasons[index] = reason;
    if (!this.open) this.end.resolve(this.stream.cancel([...this.reasons]));
    return this.end.promise;
  }

  // each calls use with the controller of every branch that is not canceled.
  each(use) {
    for (const index of [0, 1]) if (!this.canceled[index]) use(this.branches[index].controller, index);
  }

  fail(error) {
    for (const branch of this.branches) branch.controller.fail(error);
  }

  watch(reader, stillUsed = () => true) {
    when(reader.closed.promise, undefined, (error) => {
      if (!stillUsed()) return;
      this.fail(error);
      this.finish();
    });
  }
}

const teeDefault = (stream, clone) => {
  const tee = new Tee(stream);
  const reader = S.acquire(stream);
  let reading = false;
  let again = false;

  const chunk = (value) =>
    S.soon(() => {
      again = false;
      let second = value;
      if (clone && !tee.canceled[1]) {
        try {
          second = copyOf(value);
        } catch (error) {
          tee.fail(error);
          tee.end.resolve(stream.cancel(error));
          return;
        }
      }
      tee.each((controller, index) => controller.enqueue(index === 0 ? value : second));
      reading = false;
      if (again) pull();
    });

  const pull = () => {
    if (reading) {
      again = true;
      return resolved(undefined);
    }
    reading = true;
    reader.read({
      chunk,
      close: () => {
        reading = false;
        tee.each((controller) => controller.close());
        tee.finish();
      },
      error: () => {
        reading = false;
      },
    });
    return resolved(undefined);
  };

  tee.branches = [0, 1].map((index) => S.create(() => undefined, pull, (reason) => tee.cancel(index, reason)));
  tee.watch(reader);
  return tee.branches;
};

const teeBytes = (stream) => {
  const tee = new Tee(stream);
  let reader;
  let reading = false;
  const again = [false, false];

  const use = (next) => {
    reader = next;
    tee.watch(next, () => reader === next);
  };

  const next = () => {
    reading = false;
    if (again[0]) pull(0);
    else if (again[1]) pull(1);
  };

  const stop = (error) => {
    tee.fail(error);
    tee.end.resolve(stream.cancel(error));
  };

  const readChunk = () => {
    if (reader.byob) {
      reader.release();
      use(S.acquire(stream));
    }
    reader.read({
      chunk: (value) =>
        S.soon(() => {
          again.fill(false);
          let second = value;
          if (!tee.canceled[0] && !tee.canceled[1]) {
            try {
              second = copyBytes(value);
            } catch (error) {
              stop(error);
              return;
            }
          }
          tee.each((controller, index) => controller.enqueue(index === 0 ? value : second));
          next();
        }),
      close: () => {
        reading = false;
        tee.each((controller) => controller.close());
        for (const { controller } of tee.branches) if (controller.pending.length > 0) controller.respond(0);
        tee.finish();
      },
      error: () => {
        reading = false;
      },
    });
  };

  const readInto = (view, index) => {
    if (!reader.byob) {
      reader.release();
      use(S.acquireBYOB(stream));
    }
    const mine = tee.branches[index].controller;
    const other = tee.branches[1 - index].controller;
    reader.readInto(view, 1, {
      chunk: (value) =>
        S.soon(() => {
          again.fill(false);
          if (!tee.canceled[1 - index]) {
            let copy;
            try {
              copy = copyBytes(value);
            } catch (error) {
              stop(error);
              return;
            }
            if (!tee.canceled[index]) mine.respondWithNewView(value);
            other.enqueue(copy);
          } else if (!tee.canceled[index]) {
            mine.respondWithNewView(value);
          }
          next();
        }),
      close: (value) => {
        reading = false;
        if (!tee.canceled[index]) mine.close();
        if (!tee.canceled[1 - index]) other.close();
        if (value !== undefined) {
          if (!tee.canceled[index]) mine.respondWithNewView(value);
          if (!tee.canceled[1 - index] && other.pending.length > 0) other.respond(0);
        }
        tee.finish();
      },
      error: () => {
        reading = false;
      },
    });
  };

  const pull = (index) => {
    if (reading) {
      again[index] = true;
      return resolved(undefined);
    }
    reading = true;
    const request = tee.branches[index].controller.byobRequest();
    if (request === null) readChunk();
    else readInto(S.requestView(request), index);
    return resolved(undefined);
  };

  tee.branches = [0, 1].map((index) => S.createBytes(() => undefined, () => pull(index), (reason) => tee.cancel(index, reason)));
  use(S.acquire(stream));
  return tee.branches;
};

S.tee = (stream, clone) => (stream.controller instanceof S.ByteController ? teeBytes(stream) : teeDefault(stream, clone));
