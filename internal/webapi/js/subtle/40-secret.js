// Algorithms with secret keys: HMAC, AES, HKDF, PBKDF2.

const rip = __rip;
const host = __host;
const { cryptoError, allow, newKey, keyData } = rip;

rip.ciphers = {};

const hashNumber = (hash) => hash.name.slice(4);
const blockBits = (hash) => (hash.name === "SHA-1" || hash.name === "SHA-256" ? 512 : 1024);

const fromBase64URL = (text) => {
  if (typeof text !== "string" || /[^\w-]/.test(text)) cryptoError("DataError", "JWK: k is missing, or not base64url");
  const bytes = host.base64Bytes(new Uint8Array(host.utf8Encode(text.replaceAll("-", "+").replaceAll("_", "/"))));
  return bytes === undefined ? cryptoError("DataError", "JWK: k is not base64url") : new Uint8Array(bytes);
};

const toBase64URL = (bytes) => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return host.toBase64(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

// secretOf returns the bytes of a key that is given raw or as a JWK.
const secretOf = (format, data, use, alg, extractable, usages) => {
  if (format === "raw" || format === "raw-secret") return data;
  if (format !== "jwk") cryptoError("NotSupportedError", `a secret key cannot be imported as ${format}`);
  if (data.kty !== "oct") cryptoError("DataError", 'JWK: kty is not "oct"');
  const bytes = fromBase64URL(data.k);
  rip.checkJWK(data, "oct", use, alg(bytes), extractable, usages);
  return bytes;
};

const exportSecret = (format, key, alg) => {
  if (format === "raw" || format === "raw-secret") return keyData(key).slice().buffer;
  if (format !== "jwk") cryptoError("NotSupportedError", `a secret key cannot be exported as ${format}`);
  return rip.finishJWK({ kty: "oct", k: toBase64URL(keyData(key)) }, key, alg);
};

const random = (bits) => {
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  host.randomBytes(bytes);
  return bytes;
};

const HMAC_USAGES = ["sign", "verify"];
const hmacAlg = (hash) => `HS${hashNumber(hash)}`;
const hmacAlgorithm = (hash, length) => ({ name: "HMAC", length, hash: { name: hash.name } });

rip.ciphers.HMAC = {
  generateKey({ hash, length = blockBits(hash) }, extractable, usages) {
    allow(usages, HMAC_USAGES);
    if (length === 0) cryptoError("OperationError", "HMAC: a key of no length");
    return newKey("secret", extractable, hmacAlgorithm(hash, length), usages, random(length));
  },
  importKey(format, data, { hash, length }, extractable, usages) {
    allow(usages, HMAC_USAGES);
    const bytes = secretOf(format, data, "sig", () => hmacAlg(hash), extractable, usages);
    const bits = bytes.length * 8;
    if (bits === 0) cryptoError("DataError", "HMAC: the key is empty");
    if (length !== undefined && (length > bits || length <= bits - 8)) cryptoError("DataError", "HMAC: the key is not of that length");
    return newKey("secret", extractable, hmacAlgorithm(hash, length ?? bits), usages, bytes);
  },
  exportKey: (format, key) => exportSecret(format, key, hmacAlg(key.algorithm.hash)),
  keyLength({ hash, length }) {
    if (length === 0) throw new TypeError("HMAC: a key of no length");
    return length ?? blockBits(hash);
  },
  sign: (_, key, data) => host.hmacSign(key.algorithm.hash.name, keyData(key), data),
  verify: (_, key, signature, data) => host.hmacVerify(key.algorithm.hash.name, keyData(key), data, signature),
};

const AES_USAGES = ["encrypt", "decrypt", "wrapKey", "unwrapKey"];
const checkAESLength = (length, error) => {
  if (length !== 128 && length !== 192 && length !== 256) cryptoError(error, "AES: a key has 128, 192 or 256 bits");
  return length;
};

const aes = (name, usages) => ({
  generateKey({ length }, extractable, wanted) {
    allow(wanted, usages);
    checkAESLength(length, "OperationError");
    return newKey("secret", extractable, { name, length }, wanted, random(length));
  },
  importKey(format, data, _, extractable, wanted) {
    allow(wanted, usages);
    const alg = (bytes) => `A${bytes.length * 8}${name.slice(4)}`;
    const bytes = secretOf(format, data, "enc", alg, extractable, wanted);
    const length = checkAESLength(bytes.length * 8, "DataError");
    return newKey("secret", extractable, { name, length }, wanted, bytes);
  },
  exportKey: (format, key) => exportSecret(format, key, `A${key.algorithm.length}${name.slice(4)}`),
  keyLength: ({ length }) => checkAESLength(length, "OperationError"),
});

const tagLengths = [32, 64, 96, 104, 112, 120, 128];
const gcm = (decrypt) => ({ iv, additionalData = new Uint8Array(), tagLength = 128 }, key, data) => {
  if (!tagLengths.includes(tagLength)) cryptoError("OperationError", `AES-GCM: a tag has ${tagLengths.join(", ")} bits`);
  return host.aesGCM(decrypt, keyData(key), iv, data, additionalData, tagLength / 8);
};
rip.ciphers["AES-GCM"] = { ...aes("AES-GCM", AES_USAGES), encrypt: gcm(false), decrypt: gcm(true) };

const cbc = (decrypt) => ({ iv }, key, data) => {
  if (iv.length !== 16) cryptoError("OperationError", "AES-CBC: the iv has 16 bytes");
  return host.aesCBC(decrypt, keyData(key), iv, data);
};
rip.ciphers["AES-CBC"] = { ...aes("AES-CBC", AES_USAGES), encrypt: cbc(false), decrypt: cbc(true) };

const ctr = ({ counter, length }, key, data) => {
  if (counter.length !== 16) cryptoError("OperationError", "AES-CTR: the counter has 16 bytes");
  if (length < 1 || length > 128) cryptoError("OperationError", "AES-CTR: the counter counts with 1 to 128 bits");
  return host.aesCTR(keyData(key), counter, length, data);
};
rip.ciphers["AES-CTR"] = { ...aes("AES-CTR", AES_USAGES), encrypt: ctr, decrypt: ctr };

rip.ciphers["AES-KW"] = {
  ...aes("AES-KW", ["wrapKey", "unwrapKey"]),
  wrapKey: (_, key, data) => host.aesKW(false, keyData(key), data),
  unwrapKey: (_, key, data) => host.aesKW(true, keyData(key), data),
};

// derived checks the length of what HKDF or PBKDF2 are to make.
const derived = (length) => {
  if (length === null || length % 8 !== 0) cryptoError("OperationError", "the length is not whole bytes");
  return length / 8;
};

const password = (name, deriveBits) => ({
  deriveBits,
  importKey(format, data, _, extractable, usages) {
    if (format !== "raw" && format !== "raw-secret") cryptoError("NotSupportedError", `a key of ${name} cannot be imported as ${format}`);
    allow(usages, ["deriveKey", "deriveBits"]);
    if (extractable) cryptoError("SyntaxError", `a key of ${name} cannot be extractable`);
    return newKey("secret", false, { name }, usages, data);
  },
  keyLength: () => null,
});

rip.ciphers.HKDF = password("HKDF", ({ hash, salt, info }, key, length) => host.hkdfBytes(hash.name, keyData(key), salt, info, derived(length)));
rip.ciphers.PBKDF2 = password("PBKDF2", ({ hash, salt, iterations }, key, length) => {
  const bytes = derived(length);
  if (iterations === 0) cryptoError("OperationError", "PBKDF2: no iterations");
  return bytes === 0 ? new ArrayBuffer(0) : host.pbkdf2Bytes(hash.name, keyData(key), salt, iterations, bytes);
});
