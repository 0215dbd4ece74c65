// What every file here shares hangs on __rip: classes, conversions of Web IDL
// and the loader of the groups that are compiled only when they are touched.

const rip = __rip;
const { defineProperty, getOwnPropertyNames } = Object;

// A group of files is compiled when one of its names is asked for the first
// time: most apps never touch a stream, and compiling costs every start.
const loaded = new Set();

rip.load = (group) => {
  if (loaded.has(group)) return;
  loaded.add(group);
  rip.evaluate(group);
};

rip.lazy = (group, globals, internals = []) => {
  for (const name of globals) {
    defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get: () => rip[name],
      set: (value) => {
        replaced.add(name);
        defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true });
      },
    });
  }
  for (const name of [...globals, ...internals]) {
    defineProperty(rip, name, {
      configurable: true,
      get: () => {
        rip.load(group);
        return rip[name];
      },
      set: (value) => own(name, value),
    });
  }
};

// own replaces the accessor that rip.lazy left under this name.
const own = (name, value) => defineProperty(rip, name, { value, writable: true, enumerable: true, configurable: true });

rip.own = own;

// define makes a class a global, unless it was to come later and the app has
// put one of its own there in the meantime.
const replaced = new Set();
const made = Object.create(null);

rip.define = (name, value) => {
  own(name, value);
  made[name] = value;
  if (replaced.has(name)) return;
  defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
};

// is asks for the class of a value without loading the group of the class.
rip.is = (name, value) => made[name] !== undefined && value instanceof made[name];

// idl gives a class the look that Web IDL asks for: enumerable members and a
// name for Object.prototype.toString.
rip.idl = (Class, hidden = []) => {
  const proto = Class.prototype;
  for (const key of getOwnPropertyNames(proto)) {
    if (key !== "constructor" && !hidden.includes(key)) defineProperty(proto, key, { enumerable: true });
  }
  for (const key of getOwnPropertyNames(Class)) {
    if (key !== "prototype" && key !== "name" && key !== "length") defineProperty(Class, key, { enumerable: true });
  }
  defineProperty(proto, Symbol.toStringTag, { value: Class.name, configurable: true });
  return Class;
};

rip.expose = (Class, hidden) => rip.define(Class.name, rip.idl(Class, hidden));

// SECRET opens the constructors that apps may not call, or may not call so.
rip.SECRET = {};

rip.required = (count, given, what) => {
  if (given < count) throw new TypeError(`${what}: ${count} argument${count === 1 ? "" : "s"} required, but only ${given} given`);
};

rip.string = (value) => (typeof value === "string" ? value : `${value}`);

rip.usv = (value) => {
  const s = typeof value === "string" ? value : `${value}`;
  return s.isWellFormed() ? s : s.toWellFormed();
};

const wide = /[^\x00-\xff]/;
rip.bytes = (value) => {
  const s = typeof value === "string" ? value : `${value}`;
  if (wide.test(s)) throw new TypeError("a character of the string is not a byte");
  return s;
};

rip.isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

// dictionary: null and undefined are the empty one, any object is one.
const none = Object.freeze(Object.create(null));
rip.dictionary = (value, what) => {
  if (value === undefined || value === null) return none;
  if (!rip.isObject(value)) throw new TypeError(`${what} is not an object`);
  return value;
};

rip.callback = (value, what) => {
  if (typeof value !== "function") throw new TypeError(`${what} is not a function`);
  return value;
};

// sequence is the list that Web IDL makes of an iterable object: its iterator
// is asked for once.
rip.sequence = (value, what) => {
  const iterate = rip.isObject(value) ? value[Symbol.iterator] : undefined;
  if (typeof iterate !== "function") throw new TypeError(`${what} is not a list`);
  return { [Symbol.iterator]: () => Reflect.apply(iterate, value, []) };
};

// enforceRange is the [EnforceRange] conversion to an unsigned integer.
rip.enforceRange = (value, max, what) => {
  const number = +value;
  if (!Number.isFinite(number)) throw new TypeError(`${what} is not a finite number`);
  const whole = Math.trunc(number);
  if (whole < 0 || whole > max) throw new TypeError(`${what} is out of range`);
  return whole + 0;
};

rip.clamp = (value, min, max) => {
  const number = +value;
  if (number !== number) return 0;
  const held = Math.min(Math.max(number, min), max);
  const floor = Math.floor(held);
  const rest = held - floor;
  if (rest < 0.5) return floor + 0;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor + 0 : floor + 1;
};

// The view of a buffer source as bytes, without a copy.
const { isView } = ArrayBuffer;
rip.isBufferSource = (value) => isView(value) || value instanceof ArrayBuffer;
rip.view = (source) => {
  if (source instanceof Uint8Array) return source;
  if (isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Uint8Array(source);
};
