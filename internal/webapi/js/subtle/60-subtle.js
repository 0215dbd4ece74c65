// SubtleCrypto: https://w3c.github.io/webcrypto/#subtlecrypto-interface

const rip = __rip;
const host = __host;
const { SECRET, required, normalize, cryptoError, ciphers, usagesOf, useful } = rip;

const formats = ["raw", "spki", "pkcs8", "jwk", "raw-secret", "raw-public"];
const formatOf = (given) => {
  const format = rip.string(given);
  if (!formats.includes(format)) throw new TypeError(`${JSON.stringify(format)} is not a format of a key`);
  return format;
};

const bytesOf = (given) => {
  if (!rip.isBufferSource(given)) throw new TypeError("the data is not bytes");
  return rip.view(given).slice();
};

const keyOf = (given) => {
  if (!rip.isKey(given)) throw new TypeError("the key is not a CryptoKey");
  return given;
};

// check refuses a key that is for another algorithm, or another use.
const check = (key, algorithm, usage) => {
  if (key.algorithm.name !== algorithm.name) cryptoError("InvalidAccessError", `the key is for ${key.algorithm.name}, not for ${algorithm.name}`);
  if (!key.usages.includes(usage)) cryptoError("InvalidAccessError", `the key cannot be used to ${usage}`);
};

const names = ["OperationError", "DataError", "InvalidAccessError", "NotSupportedError"];

// The host throws errors that only have the name of a DOMException.
const refine = (error) => {
  if (!(error instanceof Error) || rip.is("DOMException", error) || !names.includes(error.name)) throw error;
  throw new rip.DOMException(error.message, error.name);
};

const importFrom = (format, data, algorithm, extractable, usages) =>
  useful(ciphers[algorithm.name].importKey(format, data, algorithm, extractable, usages));

const exportTo = (format, key) => {
  const { exportKey } = ciphers[key.algorithm.name];
  if (exportKey === undefined) cryptoError("NotSupportedError", `a key of ${key.algorithm.name} cannot be exported`);
  if (!key.extractable) cryptoError("InvalidAccessError", "the key is not extractable");
  return exportKey(format, key);
};

const lengthOf = (given) => (given === undefined || given === null ? null : rip.enforceRange(given, 0xffffffff, "length"));

const derive = (algorithm, key, length) => ciphers[algorithm.name].deriveBits(algorithm, key, length);

const unwrappedJWK = (bytes) => {
  try {
    return rip.jwkOf(JSON.parse(host.utf8Decode(bytes)));
  } catch (error) {
    return cryptoError("DataError", `JWK: ${error.message}`);
  }
};

// A method checks its arguments at once and returns the work, which is done, or
// fails, later.
const methods = {
  digest(given, data) {
    const algorithm = normalize("digest", given);
    const bytes = bytesOf(data);
    return () => host.digest(algorithm.name, bytes);
  },
  encrypt(given, key, data) {
    const algorithm = normalize("encrypt", given);
    const bytes = bytesOf(data);
    keyOf(key);
    return () => {
      check(key, algorithm, "encrypt");
      return ciphers[algorithm.name].encrypt(algorithm, key, bytes);
    };
  },
  decrypt(given, key, data) {
    const algorithm = normalize("decrypt", given);
    const bytes = bytesOf(data);
    keyOf(key);
    return () => {
      check(key, algorithm, "decrypt");
      return ciphers[algorithm.name].decrypt(algorithm, key, bytes);
    };
  },
  sign(given, key, data) {
    const algorithm = normalize("sign", given);
    const bytes = bytesOf(data);
    keyOf(key);
    return () => {
      check(key, algorithm, "sign");
      return ciphers[algorithm.name].sign(algorithm, key, bytes);
    };
  },
  verify(given, key, signature, data) {
    const algorithm = normalize("verify", given);
    const signed = bytesOf(signature);
    const bytes = bytesOf(data);
    keyOf(key);
    return () => {
      check(key, algorithm, "verify");
      return ciphers[algorithm.name].verify(algorithm, key, signed, bytes);
    };
  },
  generateKey(given, extractable, usages) {
    const list = usagesOf(usages);
    const algorithm = normalize("generateKey", given);
    return async () => useful(await ciphers[algorithm.name].generateKey(algorithm, !!extractable, list));
  },
  importKey(format, data, given, extractable, usages) {
    format = formatOf(format);
    const list = usagesOf(usages);
    const key = format === "jwk" ? rip.jwkOf(data) : bytesOf(data);
    const algorithm = normalize("importKey", given);
    return () => importFrom(format, key, algorithm, !!extractable, list);
  },
  exportKey(format, key) {
    format = formatOf(format);
    keyOf(key);
    return () => exportTo(format, key);
  },
  deriveBits(given, key, length = null) {
    const algorithm = normalize("deriveBits", given);
    length = lengthOf(length);
    keyOf(key);
    return () => {
      check(key, algorithm, "deriveBits");
      return derive(algorithm, key, length);
    };
  },
  deriveKey(given, key, type, extractable, usages) {
    const list = usagesOf(usages);
    const algorithm = normalize("deriveBits", given);
    const wanted = normalize("importKey", type);
    const length = normalize("keyLength", type);
    keyOf(key);
    return async () => {
      check(key, algorithm, "deriveKey");
      const bits = await derive(algorithm, key, ciphers[length.name].keyLength(length));
      return importFrom("raw", new Uint8Array(bits), wanted, !!extractable, list);
    };
  },
  wrapKey(format, key, wrapping, given) {
    format = formatOf(format);
    const operation = rip.canNormalize("wrapKey", given) ? "wrapKey" : "encrypt";
    const algorithm = normalize(operation, given);
    keyOf(key);
    keyOf(wrapping);
    return () => {
      check(wrapping, algorithm, "wrapKey");
      let data = exportTo(format, key);
      if (format === "jwk") data = host.utf8Encode(JSON.stringify(data));
      return ciphers[algorithm.name][operation](algorithm, wrapping, new Uint8Array(data));
    };
  },
  unwrapKey(format, wrapped, unwrapping, given, type, extractable, usages) {
    format = formatOf(format);
    const list = usagesOf(usages);
    const operation = rip.canNormalize("unwrapKey", given) ? "unwrapKey" : "decrypt";
    const algorithm = normalize(operation, given);
    const wanted = normalize("importKey", type);
    const sealed = bytesOf(wrapped);
    keyOf(unwrapping);
    return () => {
      check(unwrapping, algorithm, "unwrapKey");
      const bytes = new Uint8Array(ciphers[algorithm.name][operation](algorithm, unwrapping, sealed));
      return importFrom(format, format === "jwk" ? unwrappedJWK(bytes) : bytes, wanted, !!extractable, list);
    };
  },
};

const later = async (work) => {
  await undefined;
  try {
    return await work();
  } catch (error) {
    return refine(error);
  }
};

class SubtleCrypto {
  constructor(secret = undefined) {
    if (secret !== SECRET) throw new TypeError("Illegal constructor");
  }
}

for (const name in methods) {
  const method = methods[name];
  const checked = {
    [name](...args) {
      try {
        if (this !== rip.subtle) throw new TypeError("Illegal invocation");
        required(method.length, args.length, `SubtleCrypto.${name}`);
        return later(method(...args));
      } catch (error) {
        return Promise.reject(error);
      }
    },
  }[name];
  Object.defineProperty(checked, "length", { value: method.length, configurable: true });
  Object.defineProperty(SubtleCrypto.prototype, name, { value: checked, writable: true, enumerable: true, configurable: true });
}

rip.expose(SubtleCrypto);
rip.subtle = new SubtleCrypto(SECRET);
