// What importing and exporting JSON Web Keys have in common: RFC 7517.

const rip = __rip;

const refuse = (message) => rip.cryptoError("DataError", `JWK: ${message}`);
const texts = ["kty", "use", "alg", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "k"];

// jwkOf converts what an app gives as a key.
rip.jwkOf = (given) => {
  if (!rip.isObject(given) || rip.isBufferSource(given)) throw new TypeError("a JWK is an object");
  const jwk = {};
  for (const name of texts) if (given[name] !== undefined) jwk[name] = rip.string(given[name]);
  if (given.ext !== undefined) jwk.ext = !!given.ext;
  if (given.key_ops !== undefined) jwk.key_ops = Array.from(given.key_ops, rip.string);
  return jwk;
};

// checkJWK compares what a key says of its use with what is asked for.
rip.checkJWK = (jwk, kty, use, alg, extractable, usages) => {
  if (jwk.kty !== kty) refuse(`kty is ${JSON.stringify(jwk.kty)}, not ${JSON.stringify(kty)}`);
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== use) refuse(`use is ${JSON.stringify(jwk.use)}`);
  if (jwk.key_ops !== undefined) {
    if (new Set(jwk.key_ops).size !== jwk.key_ops.length) refuse("key_ops has something twice");
    for (const usage of usages) if (!jwk.key_ops.includes(usage)) refuse(`key_ops has no ${usage}`);
  }
  if (jwk.ext === false && extractable) refuse("the key says that it must not be extracted");
  if (jwk.alg !== undefined && alg !== null && ![alg].flat().includes(jwk.alg)) refuse(`alg is ${JSON.stringify(jwk.alg)}`);
};

// finishJWK says how the key that was exported may be used.
rip.finishJWK = (jwk, key, alg) => {
  if (alg !== null) jwk.alg = alg;
  jwk.key_ops = [...key.usages];
  jwk.ext = key.extractable;
  return jwk;
};
