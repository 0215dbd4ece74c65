const { subtle } = crypto;
const hex = (bytes) => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, "0")).join("");
const unhex = (text) => new Uint8Array((text.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
const utf8 = (text) => new TextEncoder().encode(text);

test("random", () => {
  const bytes = new Uint8Array(64);
  equal(crypto.getRandomValues(bytes) === bytes && bytes.some((b) => b !== 0), true);
  equal(crypto.getRandomValues(new BigUint64Array(2)).length, 2);
  const part = new Uint8Array(8);
  crypto.getRandomValues(part.subarray(2, 2));
  equal(hex(part), "0000000000000000");
  equal(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()), true);
  equal(crypto.randomUUID() === crypto.randomUUID(), false);
  throws(() => crypto.getRandomValues(new Float32Array(1)), "TypeMismatchError");
  throws(() => crypto.getRandomValues(new DataView(new ArrayBuffer(1))), "TypeMismatchError");
  throws(() => crypto.getRandomValues(new Uint8Array(65537)), "QuotaExceededError");
  throws(() => new CryptoKey(), "TypeError");
});

test("digest", async () => {
  equal(hex(await subtle.digest("SHA-1", utf8("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
  equal(hex(await subtle.digest({ name: "sha-256" }, utf8("abc").buffer)), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  equal((await subtle.digest("SHA-512", utf8(""))).byteLength, 64);
  await rejects(subtle.digest("MD5", utf8("")), "NotSupportedError");
  await rejects(subtle.digest("SHA-1", "text"), "TypeError");
  await rejects(subtle.digest("SHA-1"), "TypeError");
  equal(subtle.digest("MD5", 1).catch(() => {}) instanceof Promise, true);
});

test("HMAC", async () => {
  // RFC 4231, test case 2
  const key = await subtle.importKey("raw", utf8("Jefe"), { name: "HMAC", hash: "SHA-256" }, true, ["verify", "sign"]);
  equal([key.type, key.extractable, key.algorithm, key.usages], ["secret", true, { name: "HMAC", length: 32, hash: { name: "SHA-256" } }, ["sign", "verify"]]);
  const data = utf8("what do ya want for nothing?");
  const signature = await subtle.sign("HMAC", key, data);
  equal(hex(signature), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  equal(await subtle.verify("HMAC", key, signature, data), true);
  equal(await subtle.verify("HMAC", key, signature.slice(1), data), false);
  equal(await subtle.exportKey("jwk", key), { kty: "oct", k: "SmVmZQ", alg: "HS256", key_ops: ["sign", "verify"], ext: true });
  const again = await subtle.importKey("jwk", { kty: "oct", k: "SmVmZQ" }, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  equal(hex(await subtle.sign("HMAC", again, data)), hex(signature));
  await rejects(subtle.exportKey("raw", again), "InvalidAccessError");
  await rejects(subtle.verify("HMAC", again, signature, data), "InvalidAccessError");
  await rejects(subtle.importKey("raw", new Uint8Array(), { name: "HMAC", hash: "SHA-256" }, true, ["sign"]), "DataError");
  await rejects(subtle.importKey("raw", utf8("a"), { name: "HMAC", hash: "SHA-256" }, true, ["encrypt"]), "SyntaxError");
  await rejects(subtle.importKey("raw", utf8("a"), { name: "HMAC", hash: "SHA-256" }, true, []), "SyntaxError");
  await rejects(subtle.importKey("raw", utf8("a"), "HMAC", true, ["sign"]), "TypeError");
  await rejects(subtle.importKey("jwk", { kty: "oct", k: "AA", alg: "HS1" }, { name: "HMAC", hash: "SHA-256" }, true, ["sign"]), "DataError");
  equal((await subtle.generateKey({ name: "HMAC", hash: "SHA-512" }, true, ["sign"])).algorithm.length, 1024);
});

test("AES", async () => {
  // NIST SP 800-38A, F.2.1 and F.5.1
  const raw = unhex("2b7e151628aed2a6abf7158809cf4f3c");
  const block = unhex("6bc1bee22e409f96e93d7e117393172a");
  const cbc = await subtle.importKey("raw", raw, "AES-CBC", false, ["encrypt", "decrypt"]);
  const iv = unhex("000102030405060708090a0b0c0d0e0f");
  const encrypted = await subtle.encrypt({ name: "AES-CBC", iv }, cbc, block);
  equal(hex(encrypted).slice(0, 32), "7649abac8119b246cee98e9b12e9197d");
  equal(hex(await subtle.decrypt({ name: "AES-CBC", iv }, cbc, encrypted)), hex(block));
  await rejects(subtle.decrypt({ name: "AES-CBC", iv }, cbc, block), "OperationError");
  const ctr = await subtle.importKey("raw", raw, "AES-CTR", false, ["encrypt", "decrypt"]);
  const counter = unhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  equal(hex(await subtle.encrypt({ name: "AES-CTR", counter, length: 64 }, ctr, block)), "874d6191b620e3261bef6864990db6ce");
  // A counter of 1 bit: the second block is that of the counter with its last bit cleared.
  const zeros = new Uint8Array(32);
  const wrapped = hex(await subtle.encrypt({ name: "AES-CTR", counter, length: 1 }, ctr, zeros));
  const cleared = counter.slice();
  cleared[15] = 0xfe;
  equal(wrapped.slice(32), hex(await subtle.encrypt({ name: "AES-CTR", counter: cleared, length: 128 }, ctr, zeros)).slice(0, 32));
  await rejects(subtle.encrypt({ name: "AES-CTR", counter, length: 1 }, ctr, new Uint8Array(48)), "OperationError");
  const gcm = await subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  for (const tagLength of [32, 96, 128]) {
    const params = { name: "AES-GCM", iv: crypto.getRandomValues(new Uint8Array(12)), additionalData: utf8("head"), tagLength };
    const sealed = new Uint8Array(await subtle.encrypt(params, gcm, utf8("secret")));
    equal(sealed.length, 6 + tagLength / 8);
    equal(hex(await subtle.decrypt(params, gcm, sealed)), hex(utf8("secret")));
    await rejects(subtle.decrypt({ ...params, additionalData: utf8("Head") }, gcm, sealed), "OperationError");
    sealed[0] ^= 1;
    await rejects(subtle.decrypt(params, gcm, sealed), "OperationError");
  }
  equal((await subtle.exportKey("jwk", gcm)).alg, "A256GCM");
  await rejects(subtle.generateKey({ name: "AES-GCM", length: 100 }, true, ["encrypt"]), "OperationError");
  await rejects(subtle.importKey("raw", new Uint8Array(5), "AES-GCM", true, ["encrypt"]), "DataError");
});

test("wrapping", async () => {
  // RFC 3394, section 4.1
  const kek = await subtle.importKey("raw", unhex("000102030405060708090a0b0c0d0e0f"), "AES-KW", false, ["wrapKey", "unwrapKey"]);
  const key = await subtle.importKey("raw", unhex("00112233445566778899aabbccddeeff"), "AES-GCM", true, ["encrypt"]);
  const wrapped = await subtle.wrapKey("raw", key, kek, "AES-KW");
  equal(hex(wrapped), "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");
  const back = await subtle.unwrapKey("raw", wrapped, kek, "AES-KW", "AES-GCM", true, ["encrypt"]);
  equal(hex(await subtle.exportKey("raw", back)), "00112233445566778899aabbccddeeff");
  await rejects(subtle.unwrapKey("raw", new Uint8Array(24), kek, "AES-KW", "AES-GCM", true, ["encrypt"]), "OperationError");
  const by = await subtle.generateKey({ name: "AES-GCM", length: 128 }, false, ["wrapKey", "unwrapKey"]);
  const params = { name: "AES-GCM", iv: new Uint8Array(12) };
  const jwk = await subtle.wrapKey("jwk", key, by, params);
  equal((await subtle.unwrapKey("jwk", jwk, by, params, "AES-GCM", true, ["encrypt"])).algorithm, { name: "AES-GCM", length: 128 });
});

test("deriving", async () => {
  // RFC 6070 and RFC 5869, the first cases
  const password = await subtle.importKey("raw", utf8("password"), "PBKDF2", false, ["deriveBits", "deriveKey"]);
  const pbkdf2 = { name: "PBKDF2", hash: "SHA-1", salt: utf8("salt"), iterations: 2 };
  equal(hex(await subtle.deriveBits(pbkdf2, password, 160)), "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
  const secret = await subtle.importKey("raw", unhex("0b".repeat(22)), "HKDF", false, ["deriveBits"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: unhex("000102030405060708090a0b0c"), info: unhex("f0f1f2f3f4f5f6f7f8f9") };
  equal(hex(await subtle.deriveBits(hkdf, secret, 336)), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  const key = await subtle.deriveKey(pbkdf2, password, { name: "AES-GCM", length: 256 }, true, ["encrypt"]);
  equal([key.type, key.algorithm], ["secret", { name: "AES-GCM", length: 256 }]);
  await rejects(subtle.deriveBits({ ...pbkdf2, iterations: 0 }, password, 160), "OperationError");
  await rejects(subtle.deriveBits(pbkdf2, password, 7), "OperationError");
  await rejects(subtle.deriveBits(hkdf, secret, 255 * 32 * 8 + 8), "OperationError");
  await rejects(subtle.importKey("raw", utf8("p"), "PBKDF2", true, ["deriveBits"]), "SyntaxError");
});

const signing = [
  [{ name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }],
  [{ name: "ECDSA", namedCurve: "P-521" }, { name: "ECDSA", hash: "SHA-512" }],
  [{ name: "Ed25519" }, "Ed25519"],
  [{ name: "RSASSA-PKCS1-v1_5", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" }, "RSASSA-PKCS1-v1_5"],
  [{ name: "RSA-PSS", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-384" }, { name: "RSA-PSS", saltLength: 32 }],
];
for (const [params, use] of signing) {
  test(`signing with ${params.name} ${params.namedCurve ?? ""}`, async () => {
    const { publicKey, privateKey } = await subtle.generateKey(params, true, ["sign", "verify"]);
    equal([publicKey.type, publicKey.usages, privateKey.type, privateKey.usages], ["public", ["verify"], "private", ["sign"]]);
    equal(publicKey.algorithm.name, params.name);
    const data = utf8("data");
    const signature = new Uint8Array(await subtle.sign(use, privateKey, data));
    equal(await subtle.verify(use, publicKey, signature, data), true);
    equal(await subtle.verify(use, publicKey, signature, utf8("Data")), false);
    equal(await subtle.verify(use, publicKey, signature.slice(1), data), false);
    for (const [format, key, usage] of [["spki", publicKey, "verify"], ["pkcs8", privateKey, "sign"], ["jwk", publicKey, "verify"], ["jwk", privateKey, "sign"]]) {
      const exported = await subtle.exportKey(format, key);
      const back = await subtle.importKey(format, exported, params, true, [usage]);
      const again = await subtle.exportKey(format, back);
      if (format === "jwk") equal(again, exported);
      else equal(hex(again), hex(exported));
      const made = usage === "sign" ? new Uint8Array(await subtle.sign(use, back, data)) : signature;
      equal(await subtle.verify(use, usage === "sign" ? publicKey : back, made, data), true, format);
    }
    await rejects(subtle.exportKey("spki", privateKey), "InvalidAccessError");
    await rejects(subtle.importKey("spki", new Uint8Array(10), params, true, ["verify"]), "DataError");
    await rejects(subtle.importKey("spki", await subtle.exportKey("spki", publicKey), params, true, ["sign"]), "SyntaxError");
    await rejects(subtle.generateKey(params, true, ["verify"]), "SyntaxError");
    await rejects(subtle.sign(use, publicKey, data), "InvalidAccessError");
  });
}

test("a key that others have made", async () => {
  // RFC 8037, appendix A
  const jwk = { kty: "OKP", crv: "Ed25519", d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
  const key = await subtle.importKey("jwk", jwk, "Ed25519", true, ["sign"]);
  equal(hex(await subtle.sign("Ed25519", key, utf8(""))).length, 128);
  await rejects(subtle.importKey("jwk", { ...jwk, x: "21qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }, "Ed25519", true, ["sign"]), "DataError");
  await rejects(subtle.importKey("jwk", { ...jwk, key_ops: ["verify"] }, "Ed25519", true, ["sign"]), "DataError");
  await rejects(subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]), "DataError");
  await rejects(subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-1" }, true, ["sign"]), "NotSupportedError");
});

test("a key outlives what it was imported from", async () => {
  const { publicKey, privateKey } = await subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const signature = await subtle.sign("Ed25519", privateKey, utf8("data"));
  const imported = await subtle.importKey("spki", await subtle.exportKey("spki", publicKey), "Ed25519", true, ["verify"]);
  for (let i = 0; i < 1000; i++) new Uint8Array(i % 100).fill(255);
  equal(await subtle.verify("Ed25519", imported, signature, utf8("data")), true);
});

test("agreeing", async () => {
  for (const params of [{ name: "ECDH", namedCurve: "P-384" }, { name: "X25519" }]) {
    const one = await subtle.generateKey(params, true, ["deriveBits", "deriveKey"]);
    const two = await subtle.generateKey(params, true, ["deriveBits"]);
    const raw = await subtle.exportKey("raw", two.publicKey);
    const other = await subtle.importKey("raw", raw, params, true, []);
    const mine = await subtle.deriveBits({ name: params.name, public: other }, one.privateKey, 251);
    const theirs = await subtle.deriveBits({ name: params.name, public: one.publicKey }, two.privateKey, 256);
    equal(hex(mine).slice(0, 62), hex(theirs).slice(0, 62));
    equal(new Uint8Array(mine)[31] & 31, 0);
    const key = await subtle.deriveKey({ name: params.name, public: other }, one.privateKey, { name: "AES-GCM", length: 128 }, false, ["encrypt"]);
    equal(key.algorithm.length, 128);
    await rejects(subtle.deriveBits({ name: params.name, public: other }, one.privateKey, 1000), "OperationError");
    await rejects(subtle.deriveBits({ name: params.name, public: one.privateKey }, one.privateKey, 8), "InvalidAccessError");
  }
});

test("RSA-OAEP", async () => {
  const params = { name: "RSA-OAEP", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const { publicKey, privateKey } = await subtle.generateKey(params, false, ["encrypt", "decrypt"]);
  equal(publicKey.algorithm, { name: "RSA-OAEP", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: { name: "SHA-256" } });
  const label = utf8("label");
  const sealed = await subtle.encrypt({ name: "RSA-OAEP", label }, publicKey, utf8("secret"));
  equal(hex(await subtle.decrypt({ name: "RSA-OAEP", label }, privateKey, sealed)), hex(utf8("secret")));
  await rejects(subtle.decrypt("RSA-OAEP", privateKey, sealed), "OperationError");
  await rejects(subtle.generateKey({ ...params, publicExponent: new Uint8Array([2]) }, true, ["decrypt"]), "OperationError");
});
