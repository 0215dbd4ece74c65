// What fetch answers without a network: https://fetch.spec.whatwg.org/#scheme-fetch

const rip = __rip;
const host = __host;

const networkError = (message, cause = undefined) => new TypeError(message, cause === undefined ? undefined : { cause });

const made = (href, type, source, size) => {
  const list = ["content-type", type];
  if (size !== undefined) list.push("content-length", `${size}`);
  return rip.fetched(200, "OK", list, rip.newBody(source), href, false);
};

// https://fetch.spec.whatwg.org/#data-url-processor
const fetchData = (href) => {
  const [text] = href.split("#", 1);
  const comma = text.indexOf(",");
  if (comma < 0) throw networkError("fetch failed", new Error("a data: URL has no comma"));
  let type = text.slice(5, comma).trim();
  let bytes = new Uint8Array(host.percentDecode(text.slice(comma + 1)));
  if (/; *base64$/i.test(type)) {
    type = type.replace(/; *base64$/i, "");
    const decoded = host.base64Bytes(bytes);
    if (decoded === undefined) throw networkError("fetch failed", new Error("a data: URL is not base64"));
    bytes = new Uint8Array(decoded);
  }
  if (type.startsWith(";")) type = `text/plain${type}`;
  if (!/^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+/.test(type)) type = "text/plain;charset=US-ASCII";
  return made(href, type, bytes);
};

const fetchBlob = (href, method) => {
  const blob = rip.objectURL(href);
  if (method !== "GET" || blob === undefined) throw networkError("fetch failed", new Error(`no object has the URL ${href}`));
  return made(href, blob.type, blob, blob.size);
};

rip.fetchLocal = (href, method) => {
  if (href.startsWith("data:")) return fetchData(href);
  if (href.startsWith("blob:")) return fetchBlob(href, method);
  throw networkError("fetch failed", new Error(`no way to fetch ${href.slice(0, href.indexOf(":"))}: URLs`));
};
