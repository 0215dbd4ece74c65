// TextEncoder: https://encoding.spec.whatwg.org/#interface-textencoder

const rip = __rip;
const { required } = rip;

class TextEncoder {
  #brand;

  get encoding() {
    this.#brand;
    return "utf-8";
  }

  encode(input = "") {
    this.#brand;
    return rip.encode(rip.string(input));
  }

  encodeInto(source, destination) {
    this.#brand;
    required(2, arguments.length, "TextEncoder.encodeInto");
    const text = rip.usv(source);
    if (!(destination instanceof Uint8Array)) throw new TypeError("the destination is not a Uint8Array");
    const bytes = rip.encode(text);
    let written = Math.min(bytes.byteLength, destination.byteLength);
    // The end is where the last whole character fits.
    while (written > 0 && (bytes[written] & 0xc0) === 0x80) written--;
    const fits = bytes.subarray(0, written);
    if (written > 0) destination.set(fits);
    return { read: written === bytes.byteLength ? text.length : rip.decode(fits).length, written };
  }
}

rip.expose(TextEncoder);
