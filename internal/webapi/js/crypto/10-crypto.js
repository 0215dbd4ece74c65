// crypto: https://w3c.github.io/webcrypto/#crypto-interface

const rip = __rip;
const host = __host;
const { SECRET, required } = rip;

const most = 65536;
const kind = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
const integers = /^(?:Int|Uint|BigInt|BigUint)/;

class Crypto {
  #genuine = true;

  constructor(secret = undefined) {
    if (secret !== SECRET) throw new TypeError("Illegal constructor");
  }

  get subtle() {
    this.#genuine;
    return rip.subtle;
  }

  getRandomValues(array) {
    this.#genuine;
    required(1, arguments.length, "Crypto.getRandomValues");
    if (!ArrayBuffer.isView(array)) throw new TypeError("getRandomValues: the argument is not a view of a buffer");
    if (!integers.test(kind.call(array))) throw new rip.DOMException("getRandomValues: the array is not one of integers", "TypeMismatchError");
    if (array.byteLength > most) throw new rip.DOMException(`getRandomValues: more than ${most} bytes`, "QuotaExceededError");
    if (array.byteLength > 0) host.randomBytes(array);
    return array;
  }

  randomUUID() {
    this.#genuine;
    return host.randomUUID();
  }
}

rip.expose(Crypto);
rip.define("crypto", new Crypto(SECRET));
