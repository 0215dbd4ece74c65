// MIME types: https://mimesniff.spec.whatwg.org/#parsing-a-mime-type

const rip = __rip;

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const quotable = /^[\t\x20-\x7e\x80-\xff]*$/;
const around = /^[\t\n\r ]+|[\t\n\r ]+$/g;

// quoted reads a quoted string that begins at the index of its first quote,
// and returns [value, the index behind it].
const quoted = (text, at) => {
  let value = "";
  for (at++; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === "\\" && at + 1 < text.length) at++;
    value += text[at];
  }
  return [value, at + 1];
};

// parse returns { essence, params } or null.
const parse = (input) => {
  const text = input.replace(around, "");
  const [, type, subtype] = /^([^/]*)\/([^;]*)/.exec(text) ?? [];
  if (type === undefined || !token.test(type)) return null;
  const sub = subtype.replace(/[\t\n\r ]+$/, "");
  if (!token.test(sub)) return null;
  const params = new Map();
  let at = type.length + 1 + subtype.length;
  while (at < text.length) {
    at++;
    while (at < text.length && /[\t\n\r ]/.test(text[at])) at++;
    const start = at;
    while (at < text.length && text[at] !== ";" && text[at] !== "=") at++;
    const name = text.slice(start, at).toLowerCase();
    if (at >= text.length) break;
    if (text[at] === ";") continue;
    at++;
    let value;
    if (text[at] === '"') {
      [value, at] = quoted(text, at);
      while (at < text.length && text[at] !== ";") at++;
    } else {
      const from = at;
      while (at < text.length && text[at] !== ";") at++;
      value = text.slice(from, at).replace(/[\t\n\r ]+$/, "");
      if (value === "") continue;
    }
    if (token.test(name) && quotable.test(value) && !params.has(name)) params.set(name, value);
  }
  return { essence: `${type}/${sub}`.toLowerCase(), params };
};

const serialize = ({ essence, params }) => {
  let text = essence;
  for (const [name, value] of params) {
    text += `;${name}=${token.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`}`;
  }
  return text;
};

// split cuts a header's value at its commas, but not within quotes.
const split = (value) => {
  const parts = [];
  let from = 0;
  for (let at = 0; at < value.length; at++) {
    if (value[at] === '"') {
      [, at] = quoted(value, at);
      at--;
    } else if (value[at] === ",") {
      parts.push(value.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(value.slice(from));
  return parts;
};

// mimeType is "extract a MIME type" from the value of Content-Type, or null.
// https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
rip.mimeType = (value) => {
  if (value === null) return null;
  let found = null;
  let charset = null;
  for (const part of split(value)) {
    const type = parse(part);
    if (type === null || type.essence === "*/*") continue;
    if (found === null || found.essence !== type.essence) {
      charset = type.params.get("charset") ?? null;
    } else if (!type.params.has("charset") && charset !== null) {
      type.params.set("charset", charset);
    }
    found = type;
  }
  return found;
};

rip.contentType = (value) => {
  const type = rip.mimeType(value);
  return type === null ? "" : serialize(type);
};
