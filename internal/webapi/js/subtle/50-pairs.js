// Algorithms with pairs of keys: ECDSA, ECDH, Ed25519, X25519 and RSA.

const rip = __rip;
const host = __host;
const { cryptoError, allow, newKey, keyData, ciphers } = rip;

// pair is what generating and importing have in common. kindOf(algorithm) is
// what the host calls the kind of key; of says what key.algorithm is to be.
const pair = ({ isPublic, isPrivate, use, kty, kindOf, algorithmOf, algOf, raw, make }) => {
  const imported = (type, data, params, extractable, usages) => {
    allow(usages, type === "private" ? isPrivate : isPublic);
    return newKey(type, extractable, algorithmOf(params, type, data), usages, data);
  };
  const importJWK = (jwk, params, extractable, usages) => {
    const kind = kindOf(params);
    const type = jwk.d === undefined ? "public" : "private";
    allow(usages, type === "private" ? isPrivate : isPublic);
    rip.checkJWK(jwk, kty, use, algOf(params), extractable, usages);
    if (kty !== "RSA" && jwk.crv !== kind) cryptoError("DataError", `JWK: crv is ${JSON.stringify(jwk.crv)}, not ${JSON.stringify(kind)}`);
    if (kty === "RSA" && jwk.oth !== undefined) cryptoError("NotSupportedError", "JWK: more than two primes");
    const { use: _, key_ops, ext, ...rest } = jwk;
    return imported(type, new Uint8Array(host.importJWK(kind, type === "private", JSON.stringify(rest))), params, extractable, usages);
  };
  return {
    async generateKey(params, extractable, usages) {
      allow(usages, [...isPublic, ...isPrivate]);
      const kind = kindOf(params);
      const secret = new Uint8Array(await make(kind, params));
      const privateUsages = usages.filter((usage) => isPrivate.includes(usage));
      const open = new Uint8Array(host.publicOf(secret));
      return {
        publicKey: imported("public", open, params, true, usages.filter((usage) => isPublic.includes(usage))),
        privateKey: imported("private", secret, params, extractable, privateUsages),
      };
    },
    importKey(format, data, params, extractable, usages) {
      const kind = kindOf(params);
      if (format === "jwk") return importJWK(data, params, extractable, usages);
      if (format === "spki") {
        allow(usages, isPublic);
        return imported("public", new Uint8Array(host.checkKey(kind, false, data)), params, extractable, usages);
      }
      if (format === "pkcs8") {
        allow(usages, isPrivate);
        return imported("private", new Uint8Array(host.checkKey(kind, true, data)), params, extractable, usages);
      }
      if (!raw || (format !== "raw" && format !== "raw-public")) cryptoError("NotSupportedError", `a key of this kind cannot be imported as ${format}`);
      allow(usages, isPublic);
      return imported("public", new Uint8Array(host.importPoint(kind, data)), params, extractable, usages);
    },
    exportKey(format, key) {
      const data = keyData(key);
      const wrong = (type) => key.type !== type && cryptoError("InvalidAccessError", `the key is ${key.type}, not ${type}`);
      if (format === "jwk") {
        const jwk = JSON.parse(host.exportJWK(key.type === "private", data));
        const alg = algOf(key.algorithm);
        return rip.finishJWK(jwk, key, kty === "EC" ? null : Array.isArray(alg) ? alg[0] : alg);
      }
      if (format === "spki" || format === "pkcs8") {
        wrong(format === "spki" ? "public" : "private");
        return data.slice().buffer;
      }
      if (!raw || (format !== "raw" && format !== "raw-public")) cryptoError("NotSupportedError", `a key of this kind cannot be exported as ${format}`);
      wrong("public");
      return host.exportPoint(data);
    },
  };
};

const curves = ["P-256", "P-384", "P-521"];
const curveOf = ({ namedCurve }) => {
  if (!curves.includes(namedCurve)) cryptoError("NotSupportedError", `no curve ${JSON.stringify(namedCurve)}`);
  return namedCurve;
};

const ecdsaAlg = { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512" };

// needs refuses a key of the other half of a pair.
const needs = (key, type) => {
  if (key.type !== type) cryptoError("InvalidAccessError", `the key is ${key.type}, not ${type}`);
  return keyData(key);
};

ciphers.ECDSA = {
  ...pair({
    isPublic: ["verify"], isPrivate: ["sign"], use: "sig", kty: "EC", kindOf: curveOf, raw: true, make: host.generateKey,
    algorithmOf: ({ namedCurve }) => ({ name: "ECDSA", namedCurve }), algOf: ({ namedCurve }) => ecdsaAlg[namedCurve],
  }),
  sign: ({ hash }, key, data) => host.ecdsaSign(hash.name, needs(key, "private"), data),
  verify: ({ hash }, key, signature, data) => host.ecdsaVerify(hash.name, needs(key, "public"), data, signature),
};

// agree derives bits from the private key of one and the public key of another.
const agree = ({ name, public: other }, key, length) => {
  const mine = needs(key, "private");
  if (other.type !== "public") cryptoError("InvalidAccessError", "the other key is not public");
  if (other.algorithm.name !== name || other.algorithm.namedCurve !== key.algorithm.namedCurve) {
    cryptoError("InvalidAccessError", "the keys are of different kinds");
  }
  const secret = new Uint8Array(host.sharedSecret(mine, keyData(other)));
  if (length === null) return secret.buffer;
  if (length > secret.length * 8) cryptoError("OperationError", `there are no more than ${secret.length * 8} bits`);
  const bits = secret.slice(0, Math.ceil(length / 8));
  if (length % 8 !== 0) bits[bits.length - 1] &= 0xff << (8 - (length % 8));
  return bits.buffer;
};

const agreeing = { isPublic: [], isPrivate: ["deriveKey", "deriveBits"], use: "enc", raw: true, make: host.generateKey, algOf: () => null };

ciphers.ECDH = {
  ...pair({ ...agreeing, kty: "EC", kindOf: curveOf, algorithmOf: ({ namedCurve }) => ({ name: "ECDH", namedCurve }) }),
  deriveBits: agree,
};

ciphers.X25519 = {
  ...pair({ ...agreeing, kty: "OKP", kindOf: () => "X25519", algorithmOf: () => ({ name: "X25519" }) }),
  deriveBits: agree,
};

ciphers.Ed25519 = {
  ...pair({
    isPublic: ["verify"], isPrivate: ["sign"], use: "sig", kty: "OKP", kindOf: () => "Ed25519", raw: true, make: host.generateKey,
    algorithmOf: () => ({ name: "Ed25519" }), algOf: () => ["Ed25519", "EdDSA"],
  }),
  sign: (_, key, data) => host.ed25519Sign(needs(key, "private"), data),
  verify: (_, key, signature, data) => host.ed25519Verify(needs(key, "public"), data, signature),
};

// Package rsa makes keys with the exponent 65537, and so does everybody else.
const makeRSA = (_, { modulusLength, publicExponent }) => {
  const exponent = publicExponent.reduce((sum, byte) => sum * 256 + byte, 0);
  if (exponent !== 65537) cryptoError("OperationError", "RSA: the public exponent can only be 65537");
  if (modulusLength < 1024 || modulusLength > 16384) cryptoError("OperationError", "RSA: a key has 1024 to 16384 bits");
  return host.generateRSA(modulusLength);
};

const rsaAlgorithm = (name) => ({ hash }, type, data) => {
  const given = new Uint8Array(host.rsaParameters(type === "private", data));
  const exponent = given.slice(2);
  const start = exponent.findIndex((byte) => byte !== 0);
  return { name, modulusLength: given[0] * 256 + given[1], publicExponent: exponent.slice(start), hash: { name: hash.name } };
};

const rsa = (name, use, isPublic, isPrivate, algOf) =>
  pair({
    isPublic, isPrivate, use, kty: "RSA", kindOf: () => "RSA", raw: false, make: makeRSA,
    algorithmOf: rsaAlgorithm(name), algOf: ({ hash }) => algOf(hash.name.slice(4)),
  });

const signs = (saltOf) => ({
  sign: (params, key, data) => host.rsaSign(key.algorithm.hash.name, needs(key, "private"), data, saltOf(params)),
  verify: (params, key, signature, data) => host.rsaVerify(key.algorithm.hash.name, needs(key, "public"), data, saltOf(params), signature),
});

ciphers["RSASSA-PKCS1-v1_5"] = { ...rsa("RSASSA-PKCS1-v1_5", "sig", ["verify"], ["sign"], (hash) => `RS${hash}`), ...signs(() => -1) };

ciphers["RSA-PSS"] = {
  ...rsa("RSA-PSS", "sig", ["verify"], ["sign"], (hash) => `PS${hash}`),
  ...signs(({ saltLength }) => (saltLength === 0 ? cryptoError("NotSupportedError", "RSA-PSS: there must be a salt") : saltLength)),
};

const noLabel = new Uint8Array();
ciphers["RSA-OAEP"] = {
  ...rsa("RSA-OAEP", "enc", ["encrypt", "wrapKey"], ["decrypt", "unwrapKey"], (hash) => (hash === "1" ? "RSA-OAEP" : `RSA-OAEP-${hash}`)),
  encrypt: ({ label = noLabel }, key, data) => host.rsaEncrypt(key.algorithm.hash.name, needs(key, "public"), data, label),
  decrypt: ({ label = noLabel }, key, data) => host.rsaDecrypt(key.algorithm.hash.name, needs(key, "private"), data, label),
};
