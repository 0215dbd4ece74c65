// The state of a ReadableByteStreamController:
// https://streams.spec.whatwg.org/#rbs-controller-class
//
// A descriptor stands for a buffer that somebody wants filled ("pull-into
// descriptor"). Its reader is "default", "byob" or "none" (released).

const rip = __rip;
const S = rip.streams;

const { transfer } = ArrayBuffer.prototype;
const move = (buffer) => Reflect.apply(transfer, buffer, []);
const isDetached = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "detached").get;
S.detached = (buffer) => Reflect.apply(isDetached, buffer, []);

const convert = (descriptor) => {
  const { Class, byteOffset, filled, elementSize } = descriptor;
  return new Class(move(descriptor.buffer), byteOffset, filled / elementSize);
};

S.ByteController = class {
  queue = []; // of { buffer, byteOffset, byteLength }
  total = 0;
  started = false;
  closeRequested = false;
  pulling = false;
  pullAgain = false;
  pending = []; // of descriptors
  request = null; // the ReadableStreamBYOBRequest

  constructor(stream, start, pull, cancel, mark, chunkSize) {
    this.stream = stream;
    this.pull = pull;
    this.cancel = cancel;
    this.mark = mark;
    this.chunkSize = chunkSize;
    stream.controller = this;
    S.start(this, start);
  }

  get desiredSize() {
    const { state } = this.stream;
    if (state === "errored") return null;
    return state === "closed" ? 0 : this.mark - this.total;
  }

  get open() {
    return !this.closeRequested && this.stream.state === "readable";
  }

  shouldPull() {
    if (!this.open || !this.started) return false;
    return this.stream.waiting > 0 || this.desiredSize > 0;
  }

  clear() {
    this.pull = this.cancel = undefined;
  }

  invalidate() {
    if (this.request === null) return;
    S.invalidateRequest(this.request);
    this.request = null;
  }

  close() {
    if (!this.open) return;
    if (this.total > 0) {
      this.closeRequested = true;
      return;
    }
    if (this.pending.length > 0 && this.pending[0].filled % this.pending[0].elementSize !== 0) {
      const error = new TypeError("the stream ends in the middle of an element");
      this.fail(error);
      throw error;
    }
    this.clear();
    this.stream.close();
  }

  enqueue({ buffer, byteOffset, byteLength }) {
    if (!this.open) return;
    if (S.detached(buffer)) throw new TypeError("the buffer of the chunk is detached");
    const { stream, pending } = this;
    const moved = move(buffer);
    if (pending.length > 0) {
      const [first] = pending;
      if (S.detached(first.buffer)) throw new TypeError("the buffer of the request is detached");
      this.invalidate();
      first.buffer = move(first.buffer);
      if (first.reader === "none") this.enqueueDescriptor(first);
    }
    if (stream.locked && !stream.byob) {
      this.serveReads();
      if (stream.waiting === 0) {
        this.push(moved, byteOffset, byteLength);
      } else {
        if (this.pending.length > 0) this.pending.shift();
        stream.fulfil(new Uint8Array(moved, byteOffset, byteLength), false);
      }
    } else {
      this.push(moved, byteOffset, byteLength);
      if (stream.byob) this.commitAll(this.fillPending());
    }
    S.pullIfNeeded(this);
  }

  push(buffer, byteOffset, byteLength) {
    this.queue.push({ buffer, byteOffset, byteLength });
    this.total += byteLength;
  }

  pushCopy(buffer, byteOffset, byteLength) {
    let copy;
    try {
      copy = buffer.slice(byteOffset, byteOffset + byteLength);
    } catch (error) {
      this.fail(error);
      throw error;
    }
    this.push(copy, 0, byteLength);
  }

  enqueueDescriptor(descriptor) {
    if (descriptor.filled > 0) this.pushCopy(descriptor.buffer, descriptor.byteOffset, descriptor.filled);
    this.pending.shift();
  }

  // Reads of a default reader that the queue can answer.
  serveReads() {
    const { reader } = this.stream;
    while (reader.requests.length > 0 && this.total > 0) this.serve(reader.requests.shift());
  }

  serve(request) {
    const { buffer, byteOffset, byteLength } = this.queue.shift();
    this.total -= byteLength;
    this.drained();
    request.chunk(new Uint8Array(buffer, byteOffset, byteLength));
  }

  drained() {
    if (this.total === 0 && this.closeRequested) {
      this.clear();
      this.stream.close();
    } else {
      S.pullIfNeeded(this);
    }
  }

  fail(error) {
    if (this.stream.state !== "readable") return;
    this.reset();
    this.clear();
    this.stream.fail(error);
  }

  reset() {
    this.invalidate();
    this.pending = [];
    this.queue = [];
    this.total = 0;
  }

  cancelSteps(reason) {
    this.reset();
    const result = this.cancel(reason);
    this.clear();
    return result;
  }

  releaseSteps() {
    if (this.pending.length === 0) return;
    const [first] = this.pending;
    first.reader = "none";
    this.pending = [first];
  }

  pullSteps(request) {
    if (this.total > 0) {
      this.serve(request);
      return;
    }
    if (this.chunkSize !== undefined) {
      let buffer;
      try {
        buffer = new ArrayBuffer(this.chunkSize);
      } catch (error) {
        request.error(error);
        return;
      }
      this.pending.push({
        buffer, bufferLength: this.chunkSize, byteOffset: 0, byteLength: this.chunkSize, filled: 0, least: 1,
        elementSize: 1, Class: Uint8Array, reader: "default",
      });
    }
    this.stream.reader.requests.push(request);
    S.pullIfNeeded(this);
  }

  pullInto(view, min, request) {
    const { stream, pending } = this;
    const Class = S.viewClass(view);
    const elementSize = Class === DataView ? 1 : Class.BYTES_PER_ELEMENT;
    const { byteOffset, byteLength } = view;
    let buffer;
    try {
      buffer = move(view.buffer);
    } catch (error) {
      request.error(error);
      return;
    }
    const descriptor = {
      buffer, bufferLength: buffer.byteLength, byteOffset, byteLength, filled: 0, least: min * elementSize,
      elementSize, Class, reader: "byob",
    };
    if (pending.length === 0) {
      if (stream.state === "closed") {
        request.close(new Class(buffer, byteOffset, 0));
        return;
      }
      if (this.total > 0) {
        if (this.fill(descriptor)) {
          const filled = convert(descriptor);
          this.drained();
          request.chunk(filled);
          return;
        }
        if (this.closeRequested) {
          const error = new TypeError("the stream ends in the middle of an element");
          this.fail(error);
          request.error(error);
          return;
        }
      }
    }
    pending.push(descriptor);
    stream.reader.requests.push(request);
    if (pending.length === 1) S.pullIfNeeded(this);
  }

  // fill copies from the queue, and reports whether that is enough for a read.
  fill(descriptor) {
    const { elementSize, least, buffer, byteOffset, byteLength } = descriptor;
    const most = descriptor.filled + Math.min(this.total, byteLength - descriptor.filled);
    const aligned = most - (most % elementSize);
    const ready = aligned >= least;
    let rest = (ready ? aligned : most) - descriptor.filled;
    while (rest > 0) {
      const [head] = this.queue;
      const count = Math.min(rest, head.byteLength);
      const from = new Uint8Array(head.buffer, head.byteOffset, count);
      new Uint8Array(buffer, byteOffset + descriptor.filled, count).set(from);
      if (head.byteLength === count) {
        this.queue.shift();
      } else {
        head.byteOffset += count;
        head.byteLength -= count;
      }
      this.total -= count;
      descriptor.filled += count;
      rest -= count;
    }
    return ready;
  }

  fillPending() {
    const filled = [];
    while (this.pending.length > 0 && this.total > 0) {
      if (!this.fill(this.pending[0])) continue;
      filled.push(this.pending.shift());
    }
    return filled;
  }

  commit(descriptor) {
    this.stream.fulfil(convert(descriptor), this.stream.state === "closed");
  }

  commitAll(descriptors) {
    for (const descriptor of descriptors) this.commit(descriptor);
  }

  respond(written) {
    const [first] = this.pending;
    if (this.stream.state === "closed") {
      if (written !== 0) throw new TypeError("the stream is closed: nothing can be written");
    } else {
      if (written === 0) throw new TypeError("nothing was written");
      if (first.filled + written > first.byteLength) throw new RangeError("more was written than there is room");
    }
    first.buffer = move(first.buffer);
    this.responded(written);
  }

  respondWithNewView(view) {
    const [first] = this.pending;
    const { byteLength, byteOffset } = view;
    if (this.stream.state === "closed") {
      if (byteLength !== 0) throw new TypeError("the stream is closed: nothing can be written");
    } else if (byteLength === 0) {
      throw new TypeError("nothing was written");
    }
    if (first.byteOffset + first.filled !== byteOffset) throw new RangeError("the view begins elsewhere");
    if (first.bufferLength !== view.buffer.byteLength) throw new RangeError("the buffer has another length");
    if (first.filled + byteLength > first.byteLength) throw new RangeError("more was written than there is room");
    first.buffer = move(view.buffer);
    this.responded(byteLength);
  }

  responded(written) {
    const [first] = this.pending;
    this.invalidate();
    if (this.stream.state === "closed") this.respondedClosed(first);
    else this.respondedOpen(written, first);
    S.pullIfNeeded(this);
  }

  respondedClosed(first) {
    if (first.reader === "none") this.pending.shift();
    if (!this.stream.byob) return;
    const descriptors = [];
    while (descriptors.length < this.stream.waiting) descriptors.push(this.pending.shift());
    this.commitAll(descriptors);
  }

  respondedOpen(written, descriptor) {
    descriptor.filled += written;
    if (descriptor.reader === "none") {
      this.enqueueDescriptor(descriptor);
      this.commitAll(this.fillPending());
      return;
    }
    if (descriptor.filled < descriptor.least) return;
    this.pending.shift();
    const rest = descriptor.filled % descriptor.elementSize;
    if (rest > 0) {
      const end = descriptor.byteOffset + descriptor.filled;
      this.pushCopy(descriptor.buffer, end - rest, rest);
    }
    descriptor.filled -= rest;
    const filled = this.fillPending();
    this.commit(descriptor);
    this.commitAll(filled);
  }

  // The request for an app's source to write into, made when it is looked at.
  byobRequest() {
    if (this.request === null && this.pending.length > 0) {
      const [first] = this.pending;
      const view = new Uint8Array(first.buffer, first.byteOffset + first.filled, first.byteLength - first.filled);
      this.request = S.makeRequest(this, view);
    }
    return this.request;
  }
};

const tag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
const classes = Object.create(null);
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (/^(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array$/.test(name)) classes[name] = globalThis[name];
}
S.viewClass = (view) => classes[Reflect.apply(tag, view, [])] ?? DataView;
