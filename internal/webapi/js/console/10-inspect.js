// rip.inspect shows a value as text. The form is the one that people know from
// Node: one line where it fits, two spaces of indentation, quotes around
// strings inside of others, objects to a depth of two.

const rip = __rip;
const host = __host;
const { getOwnPropertyDescriptor, getPrototypeOf, hasOwn } = Object;

const WIDTH = 80;
const MOST_ITEMS = 100;
const MOST_CHARACTERS = 10000;
const LEVELS_ON_A_LINE = 3;
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

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

const keysOf = (value, isArray) => {
  const keys = isArray ? Object.keys(value).filter((key) => !/^(?:0|[1-9]\d*)$/.test(key)) : Object.keys(value);
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    if (getOwnPropertyDescriptor(value, symbol).enumerable) keys.push(symbol);
  }
  return keys;
};

const showKey = (key) => {
  if (typeof key === "symbol") return `[${key.toString()}]`;
  return /^[A-Za-z_]\w*$/.test(key) ? key : quote(key);
};

const indented = (state, by, show) => {
  state.indent += by;
  const text = show();
  state.indent -= by;
  return text;
};

const showProperty = (state, value, key, depth, bare = false) => {
  const property = getOwnPropertyDescriptor(value, key) ?? { value: value[key], enumerable: true };
  let text;
  if (hasOwn(property, "value")) text = indented(state, 2, () => show(state, property.value, depth));
  else if (property.get === undefined) text = "[Setter]";
  else text = property.set === undefined ? "[Getter]" : "[Getter/Setter]";
  if (bare) return text;
  return `${property.enumerable ? showKey(key) : `[${String(key)}]`}: ${text}`;
};

const showItems = (state, value, depth) => {
  const items = [];
  let index = 0;
  for (; index < value.length && items.length < MOST_ITEMS; index++) {
    if (hasOwn(value, index)) {
      items.push(showProperty(state, value, index, depth, true));
      continue;
    }
    let next = index + 1;
    while (next < value.length && !hasOwn(value, next)) next++;
    items.push(`<${next - index} empty item${next - index === 1 ? "" : "s"}>`);
    index = next - 1;
  }
  if (index < value.length) items.push(more(value.length - index, "item"));
  return items;
};

const showEach = (state, list, showOne) => {
  const items = [];
  for (const item of list) {
    if (items.length === MOST_ITEMS) break;
    items.push(indented(state, 2, () => showOne(item)));
  }
  return items;
};

// The look of a value: braces around items, after a base, or a base alone.
const braces = (prefix, items, open = "{", close = "}", columns = false) => ({ base: "", open: prefix + open, close, items, columns });
const base = (text) => ({ base: text, open: "{", close: "}", items: [], columns: false });

const showFunction = (value, name, tag) => {
  let source = "";
  try {
    source = Function.prototype.toString.call(value);
  } catch {}
  if (/^class\b/.test(source)) {
    const parent = getPrototypeOf(value);
    return `[class ${value.name === "" ? "(anonymous)" : value.name}${typeof parent === "function" && parent.name !== "" ? ` extends ${parent.name}` : ""}]`;
  }
  return `[${name ?? "Function (null prototype)"}${value.name === "" ? " (anonymous)" : `: ${value.name}`}]${tag === ` [${name}]` ? "" : tag}`;
};

// rip.stack is what an error shows of where it comes from. The worker replaces
// it by one that knows the lines of the source.
rip.stack = (error) => error.stack;

const showError = (state, error) => {
  let head = `${error}`;
  const name = className(error);
  if (name !== null && name !== error.name && !head.includes(name) && head.startsWith(`${error.name}`)) head = name + head.slice(`${error.name}`.length);
  const stack = rip.stack(error);
  let text = typeof stack === "string" ? stack.trimEnd() : "";
  if (text === "") text = `[${head}]`;
  else if (!text.startsWith(head)) text = `${head}\n${text}`;
  return state.indent === 0 ? text : text.replaceAll("\n", `\n${" ".repeat(state.indent)}`);
};

const errorLook = (state, error, keys, depth) => {
  const look = base(showError(state, error));
  for (const key of ["cause", "errors"]) {
    if (hasOwn(error, key) && !keys.includes(key)) look.items.push(showProperty(state, error, key, depth));
  }
  return look;
};

const showBytes = (buffer) => {
  const bytes = new Uint8Array(buffer, 0, Math.min(MOST_ITEMS, buffer.byteLength));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const rest = buffer.byteLength - bytes.length;
  return `<${hex}${rest > 0 ? ` ${more(rest, "byte")}` : ""}>`;
};

const showPromise = (state, promise, depth) => {
  const was = host.promiseState(promise);
  if (was === "pending") return ["<pending>"];
  const text = indented(state, 2, () => show(state, host.promiseResult(promise), depth));
  return [was === "rejected" ? `<rejected> ${text}` : text];
};

const fields = (state, value, names, depth) =>
  names.map((name) => `${name}: ${indented(state, 2, () => show(state, value[name], depth))}`);

// What is shown of objects of the web, whose properties are getters.
const members = {
  URL: ["href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "searchParams", "hash"],
  Request: ["method", "url", "headers", "bodyUsed"],
  Response: ["status", "statusText", "headers", "ok", "url", "redirected", "type", "bodyUsed"],
  File: ["name", "size", "type", "lastModified"],
  Blob: ["size", "type"],
  AbortSignal: ["aborted", "reason"],
  CryptoKey: ["type", "extractable", "algorithm", "usages"],
  PerformanceEntry: ["name", "entryType", "startTime", "duration", "detail"],
  TextDecoder: ["encoding", "fatal", "ignoreBOM"],
  Event: ["type", "defaultPrevented", "cancelable", "timeStamp"],
};

const webLook = (state, value, name, depth) => {
  for (const known of ["Headers", "FormData", "URLSearchParams"]) {
    if (!rip.is(known, value)) continue;
    const separator = known === "URLSearchParams" ? " => " : ": ";
    const key = known === "URLSearchParams" ? quote : showKey;
    return braces(`${name} `, showEach(state, value, ([k, v]) => key(k) + separator + show(state, v, depth)));
  }
  for (const known in members) {
    if (rip.is(known, value)) return braces(`${name} `, fields(state, value, members[known], depth));
  }
  return undefined;
};

const isArguments = (value) => !(Symbol.toStringTag in value) && Object.prototype.toString.call(value) === "[object Arguments]";

const boxes = [Number, String, Boolean, BigInt, Symbol];

// look decides by the kind of the value.
const look = (state, value, keys, depth) => {
  const name = className(value);
  const tag = tagOf(value, name);
  if (Array.isArray(value)) {
    const prefix = name === "Array" && tag === "" ? "" : prefixOf(name, tag, "Array", `(${value.length})`);
    return braces(prefix, showItems(state, value, depth), "[", "]", true);
  }
  if (typeof value === "function") return base(showFunction(value, name, tag));
  if (value instanceof Error || Error.isError?.(value)) return errorLook(state, value, keys, depth);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return braces(prefixOf(name, tag, "TypedArray", `(${value.length})`), showItems(state, value, depth), "[", "]", true);
  }
  if (value instanceof Map) {
    const pair = ([key, item]) => `${show(state, key, depth)} => ${show(state, item, depth)}`;
    const items = showEach(state, value, pair);
    if (value.size > MOST_ITEMS) items.push(more(value.size - MOST_ITEMS, "item"));
    return braces(prefixOf(name, tag, "Map", `(${value.size})`), items);
  }
  if (value instanceof Set) {
    const items = showEach(state, value, (item) => show(state, item, depth));
    if (value.size > MOST_ITEMS) items.push(more(value.size - MOST_ITEMS, "item"));
    return braces(prefixOf(name, tag, "Set", `(${value.size})`), items);
  }
  if (value instanceof Date) return base(Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString());
  if (value instanceof RegExp) return base(`${value}`);
  if (value instanceof Promise) return braces(prefixOf(name, "", "Promise"), showPromise(state, value, depth));
  if (value instanceof WeakMap || value instanceof WeakSet) return braces(prefixOf(name, "", "WeakSet"), ["<items unknown>"]);
  if (value instanceof WeakRef) return braces(prefixOf(name, "", "WeakRef"), [show(state, value.deref(), depth)]);
  if (value instanceof ArrayBuffer) {
    return braces(prefixOf(name, "", "ArrayBuffer"), [`[Uint8Contents]: ${showBytes(value)}`, `byteLength: ${value.byteLength}`]);
  }
  if (value instanceof DataView) return braces("DataView ", fields(state, value, ["byteLength", "byteOffset", "buffer"], depth));
  for (const Box of boxes) {
    if (!(value instanceof Box)) continue;
    if (Box === String) keys.splice(0, value.length);
    return base(`[${name}: ${showPrimitive(state, value.valueOf())}]`);
  }
  if (isArguments(value)) return braces("[Arguments] ", showItems(state, value, depth), "[", "]", true);
  return webLook(state, value, name, depth) ?? braces(name === "Object" && tag === "" ? "" : prefixOf(name, tag, "Object"), []);
};

// inColumns lays many short items out in columns, about as wide as high.
const inColumns = (state, items, value) => {
  const extra = items.at(-1).startsWith("... ") ? [items.at(-1)] : [];
  const cells = extra.length > 0 ? items.slice(0, -1) : items;
  const lengths = cells.map((cell) => cell.length + 2);
  const widest = Math.max(...lengths);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (widest * 3 + state.indent >= WIDTH || (total / widest <= 5 && widest > 8)) return items;
  const typical = Math.max(widest - 3 - Math.sqrt(widest - total / items.length), 1);
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * typical * cells.length) / typical),
    Math.floor((WIDTH - state.indent) / widest),
    LEVELS_ON_A_LINE * 4,
    15,
  );
  if (columns <= 1) return items;
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...lengths.filter((_, i) => i % columns === column)));
  const numbers = Array.prototype.every.call(value, (item) => typeof item === "number" || typeof item === "bigint");
  const lines = [];
  for (let start = 0; start < cells.length; start += columns) {
    const row = cells.slice(start, start + columns);
    const shown = row.map((cell, i) => {
      const last = i === row.length - 1;
      if (numbers) return last ? cell.padStart(widths[i] - 2) : `${cell}, `.padStart(widths[i]);
      return last ? cell : `${cell}, `.padEnd(widths[i]);
    });
    lines.push(shown.join(""));
  }
  return [...lines, ...extra];
};

const join = (state, { base, open, close, items, columns }, value, depth) => {
  const before = base === "" ? "" : `${base} `;
  const lines = columns && items.length > 6 ? inColumns(state, items, value) : items;
  if (state.deepest - depth < LEVELS_ON_A_LINE && lines === items) {
    const length = items.reduce((sum, item) => sum + item.length + 1, items.length + state.indent + open.length + base.length + 10);
    if (length <= WIDTH && !base.includes("\n")) {
      const text = items.join(", ");
      if (!text.includes("\n")) return `${before}${open} ${text} ${close}`;
    }
  }
  const line = `\n${" ".repeat(state.indent)}`;
  return `${before}${open}${line}  ${lines.join(`,${line}  `)}${line}${close}`;
};

// Beyond the depth there is no more than the class of what is not empty.
const isShort = (value, keys) =>
  keys.length === 0 &&
  (value instanceof Map || value instanceof Set ? value.size === 0 : Array.isArray(value) || ArrayBuffer.isView(value) ? value.length === 0 : true);

const tooDeep = (value) => {
  const name = className(value);
  if (Array.isArray(value)) return "[Array]";
  return `[${name === null ? "Object: null prototype" : `${name}${tagOf(value, name)}`}]`;
};

const showObject = (state, value, depth) => {
  if (state.above.includes(value)) {
    if (!state.circular.has(value)) state.circular.set(value, state.circular.size + 1);
    return `[Circular *${state.circular.get(value)}]`;
  }
  const keys = keysOf(value, Array.isArray(value) || ArrayBuffer.isView(value) || isArguments(value));
  const short = isShort(value, keys);
  if (depth > state.depth && !short) return tooDeep(value);
  state.above.push(value);
  if (!short) state.deepest = depth;
  const shown = look(state, value, keys, depth + 1);
  for (const key of keys) shown.items.push(showProperty(state, value, key, depth + 1));
  state.above.pop();
  const mark = state.circular.has(value) ? `<ref *${state.circular.get(value)}> ` : "";
  if (shown.items.length === 0) return mark + (shown.base === "" ? `${shown.open}${shown.close}` : shown.base);
  if (mark !== "") {
    if (shown.base === "") shown.open = mark + shown.open;
    else shown.base = mark + shown.base;
  }
  return join(state, shown, value, depth);
};

const show = (state, value, depth) => {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return showPrimitive(state, value);
  const custom = value[INSPECT];
  if (typeof custom === "function" && custom !== inspect) {
    const options = { depth: state.depth - depth, stylize: (text) => `${text}`, breakLength: WIDTH, compact: LEVELS_ON_A_LINE };
    const text = custom.call(value, options.depth, options, inspect);
    if (text !== value) return typeof text === "string" ? text.replaceAll("\n", `\n${" ".repeat(state.indent)}`) : show(state, text, depth);
  }
  return showObject(state, value, depth);
};

const inspect = (value, options = undefined) => {
  const depth = options?.depth === null ? Infinity : options?.depth ?? 2;
  return show({ depth, indent: 0, deepest: 0, above: [], circular: new Map() }, value, 0);
};

rip.inspect = inspect;
