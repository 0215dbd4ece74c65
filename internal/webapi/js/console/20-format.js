// rip.format puts the arguments of console.log into one text.
// https://console.spec.whatwg.org/#formatter

const rip = __rip;

const ownToString = (value) => {
  for (let at = value; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, "toString")) return at !== Object.prototype && at !== Error.prototype && at !== Array.prototype && !rip.is("DOMException", value);
  }
  return false;
};

const asString = (value) => {
  if (typeof value === "string") return value;
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return rip.inspect(value);
  if (typeof value === "object" && ownToString(value)) return String(value);
  return rip.inspect(value, { depth: 0 });
};

const asNumber = (value, convert) => {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return "NaN";
  return rip.inspect(convert(value));
};

const asJSON = (value) => {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (/circular/i.test(error.message)) return "[Circular]";
    throw error;
  }
};

const specifiers = {
  s: asString,
  d: (value) => asNumber(value, (v) => (typeof v === "object" ? NaN : Number(v))),
  i: (value) => asNumber(value, (v) => (typeof v === "object" ? NaN : parseInt(v, 10))),
  f: (value) => (typeof value === "symbol" ? "NaN" : rip.inspect(parseFloat(value))),
  j: asJSON,
  o: (value) => rip.inspect(value, { depth: 4 }),
  O: (value) => rip.inspect(value),
  c: () => "",
};

rip.format = (args) => {
  const [first, ...rest] = args;
  if (typeof first !== "string") return args.map((arg) => (typeof arg === "string" ? arg : rip.inspect(arg))).join(" ");
  if (rest.length === 0) return first;
  const text = first.replace(/%[sdifjoOc%]/g, (found) => {
    if (found === "%%") return "%";
    return rest.length === 0 ? found : specifiers[found[1]](rest.shift());
  });
  return [text, ...rest.map((arg) => (typeof arg === "string" ? arg : rip.inspect(arg)))].join(" ");
};
