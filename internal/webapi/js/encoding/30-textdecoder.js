// TextDecoder: https://encoding.spec.whatwg.org/#interface-textdecoder

const rip = __rip;
const { dictionary } = rip;
const { utf8Valid } = __host;

const none = new Uint8Array(0);

const join = (a, b) => {
  if (a.byteLength === 0) return b;
  const all = new Uint8Array(a.byteLength + b.byteLength);
  all.set(a);
  all.set(b, a.byteLength);
  return all;
};

// begun returns how many bytes at the end may be the beginning of a character.
const begun = (bytes) => {
  const { length } = bytes;
  for (let n = 1; n <= 3 && n <= length; n++) {
    const byte = bytes[length - n];
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    if (byte < 0xc2 || byte > 0xf4) return 0;
    const need = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (n >= need) return 0;
    if (n > 1) {
      const second = bytes[length - n + 1];
      const low = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
      const high = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
      if (second < low || second > high) return 0;
    }
    return n;
  }
  return 0;
};

// Each decoder is { feed(bytes, flush), reset() }.
const utf8 = (fail) => {
  let rest = none;
  return {
    feed(chunk, flush) {
      const bytes = join(rest, chunk);
      const keep = flush ? 0 : begun(bytes);
      rest = keep === 0 ? none : bytes.slice(bytes.byteLength - keep);
      const whole = keep === 0 ? bytes : bytes.subarray(0, bytes.byteLength - keep);
      if (fail !== null && !utf8Valid(whole)) fail();
      return rip.decode(whole);
    },
    reset() {
      rest = none;
    },
  };
};

const utf16 = (fail, big) => {
  let rest = none;
  let lead = "";
  return {
    feed(chunk, flush) {
      const bytes = join(rest, chunk);
      const odd = bytes.byteLength % 2;
      rest = odd === 0 ? none : bytes.slice(bytes.byteLength - 1);
      let text = lead + rip.unitsOf(bytes.subarray(0, bytes.byteLength - odd), big);
      lead = "";
      const last = text.charCodeAt(text.length - 1);
      if (last >= 0xd800 && last <= 0xdbff && !flush) {
        lead = text.slice(-1);
        text = text.slice(0, -1);
      }
      if (fail !== null && !text.isWellFormed()) fail();
      text = text.toWellFormed();
      if (flush && odd === 1) {
        if (fail !== null) fail();
        // A lone lead and an odd byte behind it are one broken character.
        if (!(last >= 0xd800 && last <= 0xdbff)) text += "\ufffd";
      }
      return text;
    },
    reset() {
      rest = none;
      lead = "";
    },
  };
};

const single = (fail, name) => ({
  feed(bytes) {
    const text = rip.decodeSingle(name, bytes);
    if (fail !== null && text.includes("\ufffd")) fail();
    return text;
  },
  reset() {},
});

const decoderOf = (name, fail) => {
  if (name === "utf-8") return utf8(fail);
  return name.startsWith("utf-16") ? utf16(fail, name === "utf-16be") : single(fail, name);
};

// The state of a TextDecoder or a TextDecoderStream.
rip.newDecoder = (label, options) => {
  const text = rip.string(label);
  const { fatal, ignoreBOM } = dictionary(options, "the options of TextDecoder");
  const name = rip.encodingOf(text);
  if (name === undefined) throw new RangeError(`${JSON.stringify(text)} is not the name of an encoding known here`);
  const fail = () => {
    throw new TypeError(`the bytes are not ${name}`);
  };
  const decoder = decoderOf(name, fatal ? fail : null);
  const marked = name.startsWith("utf");
  let begunText = false;
  return {
    name,
    fatal: !!fatal,
    ignoreBOM: !!ignoreBOM,
    reset() {
      decoder.reset();
      begunText = false;
    },
    decode(bytes, flush) {
      const part = decoder.feed(bytes, flush);
      if (begunText || part === "") return part;
      begunText = true;
      return marked && !ignoreBOM && part.charCodeAt(0) === 0xfeff ? part.slice(1) : part;
    },
  };
};

class TextDecoder {
  #s;
  #goesOn = false;

  constructor(label = "utf-8", options = undefined) {
    this.#s = rip.newDecoder(label, options);
  }

  get encoding() {
    return this.#s.name;
  }

  get fatal() {
    return this.#s.fatal;
  }

  get ignoreBOM() {
    return this.#s.ignoreBOM;
  }

  decode(input = undefined, options = undefined) {
    const state = this.#s;
    let bytes = none;
    if (input !== undefined) {
      if (!rip.isBufferSource(input) && !(input instanceof SharedArrayBuffer)) throw new TypeError("the input is not a buffer");
      bytes = rip.view(input);
    }
    const stream = !!dictionary(options, "the options of decode").stream;
    if (!this.#goesOn) state.reset();
    this.#goesOn = stream;
    return state.decode(bytes, !stream);
  }
}

rip.expose(TextDecoder);
