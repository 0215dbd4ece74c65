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

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const around = /^[\t ]+|[\t ]+$/g;

// parameter reads one of Content-Disposition, or null. What was escaped when
// the form was made stays so: nobody can tell what was.
const parameter = (value, name) => {
  const found = new RegExp(`;[ \\t]*${name}=(?:"([^"]*)"|([^;"\\s]*))`, "i").exec(value);
  return found === null ? null : found[1] ?? found[2];
};

// part reads the head of a part: its name, and for a file its name and type.
const part = (head) => {
  let name = null;
  let filename = null;
  let type = "text/plain";
  for (const line of head === "" ? [] : head.split("\r\n")) {
    const colon = line.indexOf(":");
    const field = line.slice(0, Math.max(colon, 0)).replace(around, "").toLowerCase();
    const value = line.slice(colon + 1).replace(around, "");
    if (!token.test(field)) throw broken("a header has no name");
    if (/[\0\r\n]/.test(value)) throw broken("a header has a control character");
    if (field === "content-disposition") {
      if (!/^form-data[ \t]*;/i.test(value)) throw broken("a part is not form-data");
      name = parameter(value, "name");
      filename = parameter(value, "filename");
    } else if (field === "content-type") {
      type = rip.contentType(value);
    }
  }
  if (name === null) throw broken("a part has no name");
  return { name, filename, type };
};

const CR = 13;
const LF = 10;

const parseMultipart = (form, bytes, boundary) => {
  const delimiter = `--${boundary}`;
  const next = rip.encode(`\r\n${delimiter}`);
  const blank = rip.encode("\r\n\r\n");
  const end = bytes.byteLength;
  const endOfLine = (at) => bytes[at] === CR && bytes[at + 1] === LF;
  const behindSpace = (at) => {
    while (bytes[at] === 32 || bytes[at] === 9) at++;
    return at;
  };

  if (indexOf(bytes, next.subarray(2), 0) !== 0) throw broken("it does not begin with its boundary");
  let at = next.byteLength - 2;
  for (;;) {
    if (bytes[at] === 0x2d && bytes[at + 1] === 0x2d) {
      const close = behindSpace(at + 2);
      if (close < end && !endOfLine(close)) throw broken("there is something behind its last boundary");
      return form;
    }
    at = behindSpace(at);
    if (!endOfLine(at)) throw broken("a boundary does not end its line");
    const head = indexOf(bytes, blank, at);
    if (head < 0) throw broken("a part has no end of its headers");
    const { name, filename, type } = part(head === at ? "" : rip.decode(bytes.subarray(at + 2, head)));
    const from = head + 4;
    // The line break in front of the boundary may be the one that ends the
    // headers, when the part is empty.
    const to = indexOf(bytes, next, from - 2);
    if (to < 0) throw broken("it does not end");
    const value = bytes.subarray(from, Math.max(from, to));
    form.append(name, filename === null ? rip.decode(value) : rip.fileOf(value.slice(), type, filename, 0));
    at = to + next.byteLength;
  }
};

// parseForm makes FormData of a body with the value of its Content-Type.
rip.parseForm = (source, contentType) => {
  const type = rip.mimeType(contentType);
  const form = new rip.FormData();
  if (type?.essence === "multipart/form-data") {
    const boundary = type.params.get("boundary");
    if (boundary === undefined || boundary === "") throw new TypeError("Content-Type has no boundary");
    return parseMultipart(form, rip.sourceBytes(source), boundary);
  }
  if (type?.essence === "application/x-www-form-urlencoded") {
    const text = typeof source === "string" ? source : rip.decode(rip.sourceBytes(source));
    for (const [name, value] of rip.parseQuery(text)) form.append(name, value);
    return form;
  }
  throw new TypeError("Content-Type is that of no form");
};
