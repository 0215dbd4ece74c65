// CompressionStream and DecompressionStream: https://compression.spec.whatwg.org/

const rip = __rip;
const { codecOpen, codecWrite, codecEnd, codecDrop } = __host;

// Nobody may ever end or cancel a stream that is half read.
const abandoned = new FinalizationRegistry((id) => codecDrop(id));

const formats = ["deflate", "deflate-raw", "gzip"];

const open = (given, compress) => {
  const format = rip.string(given);
  if (!formats.includes(format)) throw new TypeError(`${JSON.stringify(format)} is not a format of compression`);
  const codec = { id: codecOpen(format, compress) };
  abandoned.register(codec, codec.id);
  const put = (stream, buffer) => {
    if (buffer.byteLength > 0) stream.enqueue(new Uint8Array(buffer));
  };
  return rip.createTransform(
    (chunk, stream) => {
      if (!rip.isBufferSource(chunk)) throw new TypeError("the chunk is not a buffer");
      put(stream, codecWrite(codec.id, rip.view(chunk)));
    },
    (stream) => put(stream, codecEnd(codec.id)),
    () => codecDrop(codec.id),
  );
};

class CompressionStream {
  #transform;

  constructor(format) {
    rip.required(1, arguments.length, "CompressionStream");
    this.#transform = open(format, true);
  }

  get readable() {
    return this.#transform.readable;
  }

  get writable() {
    return this.#transform.writable;
  }
}

class DecompressionStream {
  #transform;

  constructor(format) {
    rip.required(1, arguments.length, "DecompressionStream");
    this.#transform = open(format, false);
  }

  get readable() {
    return this.#transform.readable;
  }

  get writable() {
    return this.#transform.writable;
  }
}

rip.expose(CompressionStream);
rip.expose(DecompressionStream);
