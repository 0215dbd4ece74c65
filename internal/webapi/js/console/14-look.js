// What rip.inspect shows of an object, by its kind.

const rip = __rip;
const host = __host;
const { getOwnPropertyDescriptor, getPrototypeOf, hasOwn } = Object;
const { more, quote, showPrimitive, showKey, className, tagOf, prefixOf } = rip.inspecting;

const MOST_ITEMS = 100;

const show = (state, value, depth) => rip.inspecting.show(state, value, depth);

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

// stackOf is what an error shows of where it comes from. A host that knows the
// lines of the source puts them there.
const stackOf = ({ stack }) => (typeof stack === "string" && host.stack !== undefined ? host.stack(stack) : stack);

// headOf names the class of an error that has not given itself a name.
const headOf = (error) => {
  const head = `${error}`;
  const { name } = error;
  if (rip.is("DOMException", error)) return `DOMException [${head.replace(name, `${name}]`)}`;
  const made = className(error);
  if (made === null || hasOwn(error, "name") || made === name || !head.startsWith(name)) return head;
  return made + head.slice(name.length);
};

const showError = (state, error) => {
  const head = headOf(error);
  const stack = stackOf(error);
  let text = typeof stack === "string" ? stack.trimEnd() : "";
  if (text === "") text = `[${head}]`;
  else if (!text.startsWith(head)) text = `${head}\n${text}`;
  return state.indent === 0 ? text : text.replaceAll("\n", `\n${" ".repeat(state.indent)}`);
};

const errorLook = (state, error, keys, depth) => {
  const look = base(showError(state, error));
  for (const key of ["name", "message", "stack"]) {
    if (keys.includes(key) && look.base.includes(error[key])) keys.splice(keys.indexOf(key), 1);
  }
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
  names.filter((name) => value[name] !== undefined).map((name) => `${name}: ${indented(state, 2, () => show(state, value[name], depth))}`);

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

Object.assign(rip.inspecting, { look, stackOf, showProperty, isArguments });
