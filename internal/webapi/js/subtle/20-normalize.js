// Which algorithms there are for what, and their parameters:
// https://w3c.github.io/webcrypto/#algorithm-normalization

const rip = __rip;

const integer = (most) => (value, what) => rip.enforceRange(value, most, what);

const types = {
  bytes(value, what) {
    if (!rip.isBufferSource(value)) throw new TypeError(`${what} is not bytes`);
    return rip.view(value).slice();
  },
  exponent(value, what) {
    if (!(value instanceof Uint8Array)) throw new TypeError(`${what} is not a Uint8Array`);
    return value.slice();
  },
  key(value, what) {
    if (!rip.isKey(value)) throw new TypeError(`${what} is not a CryptoKey`);
    return value;
  },
  hash: (value) => normalize("digest", value),
  text: (value) => rip.string(value),
  octet: integer(0xff),
  short: integer(0xffff),
  long: integer(0xffffffff),
};

// A parameter that must be there has an exclamation mark behind its type.
const none = {};
const aesKey = { length: "short!" };
const hmacKey = { hash: "hash!", length: "long" };
const rsaKey = { hash: "hash!" };
const newRSAKey = { modulusLength: "long!", publicExponent: "exponent!", hash: "hash!" };
const curve = { namedCurve: "text!" };
const hashed = { hash: "hash!" };
const gcm = { iv: "bytes!", additionalData: "bytes", tagLength: "octet" };
const cbc = { iv: "bytes!" };
const ctr = { counter: "bytes!", length: "octet!" };
const label = { label: "bytes" };
const salt = { saltLength: "long!" };
const peer = { public: "key!" };
const hkdf = { hash: "hash!", salt: "bytes!", info: "bytes!" };
const pbkdf2 = { salt: "bytes!", iterations: "long!", hash: "hash!" };

const aes = (params) => ({
  encrypt: params, decrypt: params, generateKey: aesKey, importKey: none, exportKey: none, keyLength: aesKey,
});
const secret = (params) => ({ deriveBits: params, importKey: none, keyLength: none });

const algorithms = {
  "SHA-1": { digest: none },
  "SHA-256": { digest: none },
  "SHA-384": { digest: none },
  "SHA-512": { digest: none },
  HMAC: { sign: none, verify: none, generateKey: hmacKey, importKey: hmacKey, exportKey: none, keyLength: hmacKey },
  "AES-GCM": aes(gcm),
  "AES-CBC": aes(cbc),
  "AES-CTR": aes(ctr),
  "AES-KW": { wrapKey: none, unwrapKey: none, generateKey: aesKey, importKey: none, exportKey: none, keyLength: aesKey },
  ECDSA: { sign: hashed, verify: hashed, generateKey: curve, importKey: curve, exportKey: none },
  ECDH: { deriveBits: peer, generateKey: curve, importKey: curve, exportKey: none },
  Ed25519: { sign: none, verify: none, generateKey: none, importKey: none, exportKey: none },
  X25519: { deriveBits: peer, generateKey: none, importKey: none, exportKey: none },
  "RSASSA-PKCS1-v1_5": { sign: none, verify: none, generateKey: newRSAKey, importKey: rsaKey, exportKey: none },
  "RSA-PSS": { sign: salt, verify: salt, generateKey: newRSAKey, importKey: rsaKey, exportKey: none },
  "RSA-OAEP": { encrypt: label, decrypt: label, generateKey: newRSAKey, importKey: rsaKey, exportKey: none },
  HKDF: secret(hkdf),
  PBKDF2: secret(pbkdf2),
};

const byLowerCase = new Map(Object.keys(algorithms).map((name) => [name.toLowerCase(), name]));

const normalize = (operation, given) => {
  const params = rip.isObject(given) ? given : { name: given };
  if (params.name === undefined) throw new TypeError("the algorithm has no name");
  const text = rip.string(params.name);
  const name = byLowerCase.get(text.toLowerCase());
  const wanted = name === undefined ? undefined : algorithms[name][operation];
  if (wanted === undefined) rip.cryptoError("NotSupportedError", `no algorithm ${JSON.stringify(text)} for ${operation}`);
  const out = { name };
  for (const key in wanted) {
    const type = wanted[key].replace("!", "");
    const value = params[key];
    if (value !== undefined) out[key] = types[type](value, `${key} of ${name}`);
    else if (type !== wanted[key]) throw new TypeError(`${name} needs ${key}`);
  }
  return out;
};

rip.normalize = normalize;

// Whether there is an algorithm of this name for an operation at all.
rip.canNormalize = (operation, given) => {
  const name = byLowerCase.get(rip.string(rip.isObject(given) ? given.name : given).toLowerCase());
  return name !== undefined && algorithms[name][operation] !== undefined;
};
