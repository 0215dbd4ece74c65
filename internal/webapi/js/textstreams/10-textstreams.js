// TextEncoderStream and TextDecoderStream:
// https://encoding.spec.whatwg.org/#interface-textdecoderstream

const rip = __rip;

class TextEncoderStream {
  #transform;

  constructor() {
    let lead = ""; // the first half of a character that the next chunk ends
    this.#transform = rip.createTransform(
      (chunk, stream) => {
        let text = lead + rip.string(chunk);
        lead = "";
        const last = text.charCodeAt(text.length - 1);
        if (last >= 0xd800 && last <= 0xdbff) {
          lead = text.slice(-1);
          text = text.slice(0, -1);
        }
        if (text !== "") stream.enqueue(rip.encode(text));
      },
      (stream) => {
        if (lead !== "") stream.enqueue(rip.encode("\ufffd"));
      },
    );
  }

  get encoding() {
    this.#transform;
    return "utf-8";
  }

  get readable() {
    return this.#transform.readable;
  }

  get writable() {
    return this.#transform.writable;
  }
}

class TextDecoderStream {
  #decoder;
  #transform;

  constructor(label = "utf-8", options = undefined) {
    const decoder = rip.newDecoder(label, options);
    this.#decoder = decoder;
    const put = (text, stream) => {
      if (text !== "") stream.enqueue(text);
    };
    this.#transform = rip.createTransform(
      (chunk, stream) => {
        if (!rip.isBufferSource(chunk) && !(chunk instanceof SharedArrayBuffer)) throw new TypeError("the chunk is not a buffer");
        put(decoder.decode(rip.view(chunk), false), stream);
      },
      (stream) => put(decoder.decode(new Uint8Array(0), true), stream),
    );
  }

  get encoding() {
    return this.#decoder.name;
  }

  get fatal() {
    return this.#decoder.fatal;
  }

  get ignoreBOM() {
    return this.#decoder.ignoreBOM;
  }

  get readable() {
    return this.#transform.readable;
  }

  get writable() {
    return this.#transform.writable;
  }
}

rip.expose(TextEncoderStream);
rip.expose(TextDecoderStream);
