// structuredClone: https://html.spec.whatwg.org/#structured-cloning

const rip = __rip;

const refuse = (message) => {
  throw new rip.DOMException(message, "DataCloneError");
};

const { getOwnPropertyDescriptor, getPrototypeOf, hasOwn, keys } = Object;
const getter = (Class, name) => getOwnPropertyDescriptor(Class.prototype, name).get;

// genuine: instanceof alone would take Object.create(Map.prototype) for a Map.
const genuine = (value, Class, probe) => {
  if (!(value instanceof Class)) return false;
  try {
    probe.call(value);
    return true;
  } catch {
    return false;
  }
};

const mapSize = getter(Map, "size");
const setSize = getter(Set, "size");
const regExpSource = getter(RegExp, "source");
const bufferLength = getter(ArrayBuffer, "byteLength");
const dateValue = Date.prototype.valueOf;
const boxes = [Boolean, Number, String, BigInt, Symbol];

const errors = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

// What has state that is not in its properties, and cannot be copied.
const uncloneable = [WeakMap, WeakSet, WeakRef, Promise, FinalizationRegistry];
if (typeof SharedArrayBuffer === "function") uncloneable.push(SharedArrayBuffer);
const IteratorPrototype = getPrototypeOf(getPrototypeOf([][Symbol.iterator]()));
const isHidden = (value) => IteratorPrototype.isPrototypeOf(value) || uncloneable.some((Class) => value instanceof Class);
const platform = [
  "EventTarget", "Event", "Headers", "Request", "Response", "FormData", "URL", "URLSearchParams", "ReadableStream",
  "WritableStream", "TransformStream", "TextEncoder", "TextDecoder", "SubtleCrypto", "Crypto", "PerformanceEntry",
];

const named = (value) => {
  const name = getPrototypeOf(value)?.constructor?.name;
  return typeof name === "string" && name !== "" ? `an object of class ${name}` : "an object";
};

const cloneBuffer = (buffer) => {
  if (buffer.detached) refuse("structuredClone: an ArrayBuffer is detached");
  if (!buffer.resizable) return buffer.slice(0);
  const copy = new ArrayBuffer(buffer.byteLength, { maxByteLength: buffer.maxByteLength });
  new Uint8Array(copy).set(new Uint8Array(buffer));
  return copy;
};

// A view may look beyond the end of a buffer that has become shorter. Its
// methods throw then.
const { values } = getPrototypeOf(Uint8Array.prototype);
const checkBounds = (view) => {
  try {
    if (view instanceof DataView) view.byteLength;
    else values.call(view);
  } catch {
    refuse("structuredClone: a view has no bytes in its buffer any more");
  }
};

const cloneView = (view, seen) => {
  checkBounds(view);
  const buffer = clone(view.buffer, seen);
  const Class = view instanceof DataView ? DataView : globals[getter(getPrototypeOf(Uint8Array), Symbol.toStringTag).call(view)];
  return new Class(buffer, view.byteOffset, view instanceof DataView ? view.byteLength : view.length);
};

const globals = {
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
  Float32Array, Float64Array, BigInt64Array, BigUint64Array,
};
if (typeof Float16Array === "function") globals.Float16Array = Float16Array;

const cloneError = (error, seen) => {
  if (rip.is("DOMException", error)) {
    const copy = new rip.DOMException(error.message, error.name);
    seen.set(error, copy);
    return copy;
  }
  const Class = hasOwn(errors, error.name) ? errors[error.name] : Error;
  const copy = new Class();
  seen.set(error, copy);
  const set = (name, value) => Object.defineProperty(copy, name, { value, writable: true, configurable: true });
  const message = getOwnPropertyDescriptor(error, "message");
  if (message !== undefined && hasOwn(message, "value")) set("message", `${message.value}`);
  if (typeof error.stack === "string") set("stack", error.stack);
  if (hasOwn(error, "cause")) set("cause", clone(error.cause, seen));
  return copy;
};

const properties = (from, to, seen) => {
  for (const key of keys(from)) {
    if (!hasOwn(from, key)) continue; // a getter may have removed it
    const value = clone(from[key], seen);
    if (key === "__proto__") Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
    else to[key] = value;
  }
  return to;
};

// cloneSpecial returns undefined for what has nothing but properties.
const cloneSpecial = (value, seen) => {
  for (const Class of boxes) {
    if (!genuine(value, Class, Class.prototype.valueOf)) continue;
    if (Class === Symbol) refuse("structuredClone: a symbol cannot be cloned");
    return Object(Class.prototype.valueOf.call(value));
  }
  if (genuine(value, Date, dateValue)) return new Date(dateValue.call(value));
  if (genuine(value, RegExp, regExpSource)) return new RegExp(value.source, value.flags);
  if (genuine(value, ArrayBuffer, bufferLength)) return cloneBuffer(value);
  if (ArrayBuffer.isView(value)) return cloneView(value, seen);
  if (genuine(value, Map, mapSize)) {
    const copy = new Map();
    seen.set(value, copy);
    for (const [key, item] of [...value]) copy.set(clone(key, seen), clone(item, seen));
    return copy;
  }
  if (genuine(value, Set, setSize)) {
    const copy = new Set();
    seen.set(value, copy);
    for (const item of [...value]) copy.add(clone(item, seen));
    return copy;
  }
  if (Error.isError?.(value) ?? value instanceof Error) return cloneError(value, seen);
  if (rip.is("CryptoKey", value)) return value;
  if (rip.is("File", value)) return new rip.File([value], value.name, { type: value.type, lastModified: value.lastModified });
  if (rip.is("Blob", value)) return value.slice(0, value.size, value.type);
  if (isHidden(value) || platform.some((name) => rip.is(name, value))) {
    refuse(`structuredClone: ${named(value)} cannot be cloned`);
  }
  return undefined;
};

const clone = (value, seen) => {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "function") refuse(`structuredClone: a function${value.name === "" ? "" : ` (${value.name})`} cannot be cloned`);
    if (typeof value === "symbol") refuse("structuredClone: a symbol cannot be cloned");
    return value;
  }
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const copy = new Array(value.length);
    seen.set(value, copy);
    return properties(value, copy, seen);
  }
  const prototype = getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const special = cloneSpecial(value, seen);
    if (special !== undefined) {
      seen.set(value, special);
      return special;
    }
  }
  const copy = {};
  seen.set(value, copy);
  return properties(value, copy, seen);
};

rip.define("structuredClone", function structuredClone(value, options = undefined) {
  rip.required(1, arguments.length, "structuredClone");
  const { transfer } = rip.dictionary(options, "structuredClone: the second argument");
  const seen = new Map();
  const buffers = transfer === undefined ? [] : [...transfer];
  for (const buffer of buffers) {
    if (!genuine(buffer, ArrayBuffer, bufferLength)) refuse("structuredClone: only an ArrayBuffer can be transferred");
    if (seen.has(buffer)) refuse("structuredClone: an ArrayBuffer is transferred twice");
    seen.set(buffer, cloneBuffer(buffer));
  }
  const copy = clone(value, seen);
  // Only now: what cannot be cloned leaves the buffers as they were.
  for (const buffer of buffers) buffer.transfer();
  return copy;
});
