// CryptoKey: https://w3c.github.io/webcrypto/#cryptokey-interface
//
// data is the key: bytes of a secret one, PKCS #8 of a private one, SPKI of a
// public one.

const rip = __rip;
const { SECRET } = rip;

const order = ["encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey"];

class CryptoKey {
  #type;
  #extractable;
  #algorithm;
  #usages;
  #data;

  constructor(secret = undefined, type, extractable, algorithm, usages, data) {
    if (secret !== SECRET) throw new TypeError("Illegal constructor");
    this.#type = type;
    this.#extractable = extractable;
    this.#algorithm = algorithm;
    this.#usages = usages;
    this.#data = data;
  }

  get type() {
    return this.#type;
  }

  get extractable() {
    return this.#extractable;
  }

  get algorithm() {
    return this.#algorithm;
  }

  get usages() {
    return this.#usages;
  }

  static {
    rip.keyData = (key) => key.#data;
    rip.isKey = (value) => typeof value === "object" && value !== null && #data in value;
  }
}

rip.expose(CryptoKey);

rip.cryptoError = (name, message) => {
  throw new rip.DOMException(message, name);
};

// usagesOf converts what an app gives as usages.
rip.usagesOf = (given) => {
  const list = Array.from(given, rip.string);
  for (const usage of list) if (!order.includes(usage)) throw new TypeError(`${JSON.stringify(usage)} is not a usage of a key`);
  return order.filter((usage) => list.includes(usage));
};

rip.newKey = (type, extractable, algorithm, usages, data) => {
  if (!(data instanceof Uint8Array)) data = new Uint8Array(data);
  return new CryptoKey(SECRET, type, extractable, algorithm, usages, data);
};

// allow refuses usages that a key of a kind cannot have.
rip.allow = (usages, possible) => {
  for (const usage of usages) if (!possible.includes(usage)) rip.cryptoError("SyntaxError", `a key of this kind cannot be used to ${usage}`);
};

// useful refuses a secret or private key that can be used for nothing.
rip.useful = (key) => {
  const { type, usages } = key.privateKey ?? key;
  if (type !== "public" && usages.length === 0) rip.cryptoError("SyntaxError", `the ${type} key could be used for nothing`);
  return key;
};
