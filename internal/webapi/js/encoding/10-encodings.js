// The encodings of TextDecoder: https://encoding.spec.whatwg.org/#names-and-labels
// UTF-8, UTF-16 and the encodings with one byte for a character; not the
// Chinese, Japanese and Korean ones.

const rip = __rip;

const labels = {
  "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8",
  "utf-16le": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16",
  "utf-16be": "unicodefffe",
  "windows-1252":
    "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 " +
    "iso_8859-1:1987 l1 latin1 us-ascii x-cp1252",
  "x-user-defined": "",
};

const names = new Map();
const add = (table) => {
  for (const name of Object.keys(table)) {
    for (const label of table[name].split(" ")) if (label !== "") names.set(label, name);
    names.set(name, name);
  }
};
add(labels);

// encodingOf returns the name of an encoding in lower case, or undefined.
rip.encodingOf = (label) => {
  const key = label.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "").toLowerCase();
  if (!names.has(key)) add(rip.singleByteLabels());
  return names.get(key);
};

const windows1252 =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f" +
  "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

const BLOCK = 8192;

// table returns the 128 characters of an encoding above ASCII.
const table = (name) => {
  let upper = "";
  if (name === "windows-1252") {
    upper = windows1252;
    for (let code = 0xa0; code < 0x100; code++) upper += String.fromCharCode(code);
  } else if (name === "x-user-defined") {
    for (let code = 0; code < 0x80; code++) upper += String.fromCharCode(0xf780 + code);
  } else {
    upper = rip.singleByteTable(name);
  }
  return upper;
};

const codes = new Map();
const codesOf = (name) => {
  let list = codes.get(name);
  if (list === undefined) {
    const upper = table(name);
    list = new Uint16Array(256);
    for (let i = 0; i < 128; i++) {
      list[i] = i;
      list[128 + i] = upper.charCodeAt(i);
    }
    codes.set(name, list);
  }
  return list;
};

// decodeSingle decodes bytes. A byte that is no character is U+FFFD.
rip.decodeSingle = (name, bytes) => {
  const list = codesOf(name);
  let text = "";
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = Array.from(bytes.subarray(at, at + BLOCK), (byte) => list[byte]);
    text += String.fromCharCode(...block);
  }
  return text;
};

// unitsOf returns the string that the UTF-16 code units in bytes are, without
// looking at surrogates. The length of bytes is even.
rip.unitsOf = (bytes, big) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const units = [];
    const end = Math.min(at + BLOCK, bytes.length);
    for (let i = at; i < end; i += 2) units.push(big ? (bytes[i] << 8) | bytes[i + 1] : bytes[i] | (bytes[i + 1] << 8));
    text += String.fromCharCode(...units);
  }
  return text;
};
