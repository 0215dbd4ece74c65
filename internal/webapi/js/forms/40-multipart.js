// Forms as bytes: multipart/form-data (RFC 7578, and what HTML says of it) and
// application/x-www-form-urlencoded.

const rip = __rip;
const { indexOf } = __host;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

rip.formBoundary = () => {
  let boundary = "----RipFormBoundary";
  for (let i = 0; i < 16; i++) boundary += alphabet[Math.trunc(Math.random() * alphabet.length)];
  return boundary;
};

const lines = (text) => text.replace(/\r\n?|\n/g, "\r\n");
const escapes = { "\r": "%0D", "\n": "%0A", '"': "%22" };
const escape = (text) => text.replace(/[\r\n"]/g, (found) => escapes[found]);
const unescape = (text) => text.replace(/%0D/g, "\r").replace(/%0A/g, "\n").replace(/%22/g, '"');

rip.formBytes = (form, boundary) => {
  const parts = [];
  for (const [name, value] of rip.formList(form)) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escape(lines(name))}"`;
    if (typeof value === "string") {
      parts.push(`${head}\r\n\r\n${lines(value)}\r\n`);
    } else {
      const type = value.type === "" ? "application/octet-stream" : value.type;
      parts.push(`${head}; filename="${escape(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`, value, "\r\n");
    }
  }
  parts.push(`--${boundary}--\r\n`);
  return rip.blobBytes(new rip.Blob(parts));
};

const broken = (why) => new TypeError(`the body is not multipart/form-data: ${why}`);

// disposition reads a parameter of Content-Disposition, or null.
const parameter = (value, name) => {
  const found = new RegExp(`;[ \\t]*${name}=(?:"([^"]*)"|([^;"\\s]*))`, "i").exec(value);
  return found === null ? null : unescape(found[1] ?? found[2]);
};

// part reads the head of a part: its name, and for a file its name and type.
const part = (head) => {
  let name = null;
  let filename = null;
  let type = "text/plain";
  for (const line of head === "" ? [] : head.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) throw broken("a header has no name");
    const value = line.slice(colon + 1).trim();
    const field = line.slice(0, colon).trim().toLowerCase();
    if (field === "content-disposition") {
      if (!/^form-data[ \t]*;/i.test(value)) throw broken("a part is not form-data");
      name = parameter(value, "name");
      filename = parameter(value, "filename");
    } else if (field === "content-type") {
      type = value;
    }
  }
  if (name === null) throw broken("a part has no name");
  return { name, filename, type };
};

const parseMultipart = (form, bytes, boundary) => {
  const delimiter = `--${boundary}`;
  const first = rip.encode(delimiter);
  const next = rip.encode(`\r\n${delimiter}`);
  const blank = rip.encode("\r\n\r\n");

  let at = indexOf(bytes, first, 0);
  if (at !== 0 && !(at >= 2 && bytes[at - 2] === 13 && bytes[at - 1] === 10)) throw broken("it has no boundary");
  at += first.byteLength;
  for (;;) {
    if (bytes[at] === 0x2d && bytes[at + 1] === 0x2d) return form;
    while (bytes[at] === 32 || bytes[at] === 9) at++;
    if (bytes[at] !== 13 || bytes[at + 1] !== 10) throw broken("a boundary does not end its line");
    const head = indexOf(bytes, blank, at);
    if (head < 0) throw broken("a part has no end of its headers");
    const { name, filename, type } = part(head === at ? "" : rip.decode(bytes.subarray(at + 2, head)));
    const from = head + 4;
    // The line break in front of the boundary may be the one that ends the
    // headers, when the part is empty.
    const to = indexOf(bytes, next, from - 2);
    if (to < 0) throw broken("it does not end");
    const value = bytes.subarray(from, Math.max(from, to));
    form.append(name, filename === null ? rip.decode(value) : rip.fileOf(value.slice(), blobType(type), filename));
    at = to + next.byteLength;
  }
};

const blobType = (type) => (/[^\x20-\x7e]/.test(type) ? "" : type.toLowerCase());

// parseForm makes FormData of a body with the value of its Content-Type.
rip.parseForm = (source, contentType) => {
  const type = rip.mimeType(contentType);
  const form = new rip.FormData();
  if (type?.essence === "multipart/form-data") {
    const boundary = type.params.get("boundary");
    if (boundary === undefined) throw new TypeError("Content-Type has no boundary");
    return parseMultipart(form, rip.sourceBytes(source), boundary);
  }
  if (type?.essence === "application/x-www-form-urlencoded") {
    const text = typeof source === "string" ? source : rip.decode(rip.sourceBytes(source));
    for (const [name, value] of rip.parseQuery(text)) form.append(name, value);
    return form;
  }
  throw new TypeError("Content-Type is that of no form");
};
