// The small parts of rip.inspect: strings, numbers, names.

const rip = __rip;
const { getOwnPropertyDescriptor, getPrototypeOf } = Object;

const WIDTH = 80;
const MOST_CHARACTERS = 10000;

const escaped = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\" };
const unprintable = /[\x00-\x1f\x7f-\x9f\\]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escape = (c) => {
  const code = c.charCodeAt(0);
  return escaped[c] ?? (code < 256 ? `\\x${code.toString(16).toUpperCase().padStart(2, "0")}` : `\\u${code.toString(16)}`);
};

// quote takes the first kind of quotes that the text has none of.
const quote = (text) => {
  const mark = ["'", '"', "`"].find((candidate) => !text.includes(candidate)) ?? "'";
  const body = text.replace(unprintable, escape);
  return mark + (mark === "'" ? body.replaceAll("'", "\\'") : body) + mark;
};

const more = (count, what) => `... ${count} more ${what}${count === 1 ? "" : "s"}`;

const showString = (state, text) => {
  let rest = "";
  if (text.length > MOST_CHARACTERS) {
    rest = more(text.length - MOST_CHARACTERS, "character");
    text = text.slice(0, MOST_CHARACTERS);
  }
  if (text.length > 16 && text.length > WIDTH - state.indent - 4) {
    const lines = text.split(/(?<=\n)/).map(quote);
    return lines.join(` +\n${" ".repeat(state.indent + 2)}`) + rest;
  }
  return quote(text) + rest;
};

const showPrimitive = (state, value) => {
  switch (typeof value) {
    case "string":
      return showString(state, value);
    case "number":
      return Object.is(value, -0) ? "-0" : `${value}`;
    case "bigint":
      return `${value}n`;
    case "symbol":
      return value.toString();
  }
  return `${value}`;
};

// className is null for an object without a prototype.
const className = (value) => {
  for (let at = value; at !== null; at = getPrototypeOf(at)) {
    const { value: made } = getOwnPropertyDescriptor(at, "constructor") ?? {};
    if (typeof made === "function" && made.name !== "" && made.prototype !== undefined && value instanceof made) return made.name;
  }
  return null;
};

const tagOf = (value, name) => {
  let tag;
  try {
    tag = value[Symbol.toStringTag];
  } catch {
    return "";
  }
  return typeof tag === "string" && tag !== "" && tag !== name && !Object.prototype.propertyIsEnumerable.call(value, Symbol.toStringTag) ? ` [${tag}]` : "";
};

const prefixOf = (name, tag, fallback, size = "") => (name === null ? `[${fallback}${size}: null prototype]${tag} ` : `${name}${size}${tag} `);

const showKey = (key) => {
  if (typeof key === "symbol") return `[${key.toString()}]`;
  return /^[A-Za-z_]\w*$/.test(key) ? key : quote(key);
};

rip.inspecting = { WIDTH, more, quote, showPrimitive, className, tagOf, prefixOf, showKey };
