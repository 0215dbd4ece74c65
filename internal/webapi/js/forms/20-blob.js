// Blob and File: https://w3c.github.io/FileAPI/
//
// A blob is one piece of memory; slices share it.

const rip = __rip;
const { SECRET, dictionary, required } = rip;

const typeOf = (given) => {
  const type = given === undefined ? "" : rip.string(given);
  return /[^\x20-\x7e]/.test(type) ? "" : type.toLowerCase();
};

const endingsOf = (given) => {
  const endings = given === undefined ? "transparent" : rip.string(given);
  if (endings !== "transparent" && endings !== "native") throw new TypeError(`${JSON.stringify(endings)} is not a kind of line endings`);
  return endings;
};

// A part is what Web IDL makes of it: a Blob, a buffer or a string.
const partOf = (part) => (rip.is("Blob", part) || rip.isBufferSource(part) ? part : rip.usv(part));

const bytesOf = (part, endings) => {
  if (typeof part === "string") return rip.encode(endings === "native" ? part.replace(/\r\n?/g, "\n") : part);
  return part instanceof Blob ? bytesIn(part) : rip.view(part);
};

const join = (parts, endings) => {
  if (parts.length === 1 && typeof parts[0] === "string") return bytesOf(parts[0], endings);
  const pieces = parts.map((part) => bytesOf(part, endings));
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.byteLength;
  }
  return all;
};

const build = (given, init) => {
  const parts = given === undefined ? [] : Array.from(rip.sequence(given, "what a Blob is made of"), partOf);
  const options = dictionary(init, "the options of a Blob");
  const endings = endingsOf(options.endings);
  const type = typeOf(options.type);
  return { bytes: join(parts, endings), type };
};

const index = (given, size, fallback) => {
  if (given === undefined) return fallback;
  const at = rip.clamp(given, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  return at < 0 ? Math.max(size + at, 0) : Math.min(at, size);
};

let bytesIn;

class Blob {
  #bytes;
  #type;

  constructor(blobParts = undefined, options = undefined) {
    const { bytes, type } = blobParts === SECRET ? options : build(blobParts, options);
    this.#bytes = bytes;
    this.#type = type;
  }

  get size() {
    return this.#bytes.byteLength;
  }

  get type() {
    return this.#type;
  }

  slice(start = undefined, end = undefined, contentType = undefined) {
    const bytes = this.#bytes;
    const size = bytes.byteLength;
    const from = index(start, size, 0);
    const to = index(end, size, size);
    return new Blob(SECRET, { bytes: bytes.subarray(from, Math.max(from, to)), type: typeOf(contentType) });
  }

  stream() {
    const bytes = this.#bytes;
    return rip.bytesStream(() => bytes);
  }

  async text() {
    return rip.decodeBody(this.#bytes);
  }

  async arrayBuffer() {
    return this.#bytes.slice().buffer;
  }

  async bytes() {
    return this.#bytes.slice();
  }

  static {
    bytesIn = (blob) => blob.#bytes;
  }
}

class File extends Blob {
  #name;
  #lastModified;

  constructor(fileBits, fileName, options = undefined) {
    if (fileBits === SECRET) {
      super(SECRET, options);
      this.#name = fileName;
      this.#lastModified = options.lastModified ?? Date.now();
      return;
    }
    required(2, arguments.length, "File");
    if (fileBits === undefined) throw new TypeError("what a File is made of is not a list");
    super(fileBits, options);
    this.#name = rip.usv(fileName);
    const { lastModified } = dictionary(options, "the options of a File");
    this.#lastModified = lastModified === undefined ? Date.now() : Number(BigInt.asIntN(64, BigInt(whole(lastModified))));
  }

  get name() {
    return this.#name;
  }

  get lastModified() {
    return this.#lastModified;
  }
}

const whole = (value) => {
  const number = Math.trunc(+value);
  return Number.isFinite(number) ? number : 0;
};

rip.expose(Blob);
rip.expose(File);

rip.blobOf = (bytes, type) => new Blob(SECRET, { bytes, type });
rip.fileOf = (bytes, type, name, lastModified) => new File(SECRET, name, { bytes, type, lastModified });
rip.blobBytes = (blob) => bytesIn(blob);
