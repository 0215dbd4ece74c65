// More that is compiled when it is touched for the first time, and what is too
// small for that.

const rip = __rip;
const host = __host;
const { lazy } = rip;

lazy("url", ["URL", "URLSearchParams"], ["searchParamsOf", "objectURL", "parseQuery", "serializeQuery"]);
lazy("timers", ["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate"], ["fireTimer"]);
lazy("performance", [
  "performance", "Performance", "PerformanceEntry", "PerformanceMark", "PerformanceMeasure",
]);
lazy("clone", ["structuredClone"]);
lazy("base64", ["atob", "btoa"]);
lazy("crypto", ["crypto", "Crypto"]);
lazy("subtle", ["SubtleCrypto", "CryptoKey"], ["subtle"]);
lazy("console", ["console"], ["inspect"]);
lazy("fetch", ["fetch"]);

rip.invalidURL = (url) => {
  const error = new TypeError(`Invalid URL: ${JSON.stringify(rip.usv(url))}`);
  error.code = "ERR_INVALID_URL";
  error.input = rip.usv(url);
  return error;
};

// parseURL is for who wants no URL object, only its text.
rip.parseURL = (url) => {
  const href = host.parseURL(url);
  if (href === "") throw rip.invalidURL(url);
  return href;
};

rip.define("reportError", function reportError(error) {
  rip.required(1, arguments.length, "reportError");
  host.reportError(error);
});

rip.define("self", globalThis);
rip.define("navigator", Object.freeze({ userAgent: "rip-server", hardwareConcurrency: 1, language: "en-US", languages: Object.freeze(["en-US"]) }));

// Packages from npm look at process.env without asking whether there is one.
// It is a copy, made when it is looked at: writing to it changes no
// environment, and there is nothing else of Node here.
let env = null;
rip.define("process", {
  get env() {
    if (env === null) {
      env = {};
      for (const entry of host.environ()) {
        const equals = entry.indexOf("=", 1);
        env[entry.slice(0, equals)] = entry.slice(equals + 1);
      }
    }
    return env;
  },
});
