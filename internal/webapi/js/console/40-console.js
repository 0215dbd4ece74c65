// console: https://console.spec.whatwg.org/
//
// Every call is one write of whole lines. What is about errors goes to the
// standard error, the rest to the standard output.

const rip = __rip;
const host = __host;

let indent = "";
const print = (text, isError) => {
  if (indent !== "") text = indent + text.replaceAll("\n", `\n${indent}`);
  host.print(`${text}\n`, isError);
};

const out = (...args) => print(rip.format(args), false);
const err = (...args) => print(rip.format(args), true);

const counts = new Map();
const started = new Map();

const took = (since) => {
  const ms = host.now() - since;
  if (ms < 1000) return `${Number(ms.toFixed(3))}ms`;
  return ms < 60000 ? `${(ms / 1000).toFixed(3)}s` : `${Math.floor(ms / 60000)}:${((ms % 60000) / 1000).toFixed(3).padStart(6, "0")} (m:ss.mmm)`;
};

const since = (label, what, show) => {
  if (started.has(label)) show(took(started.get(label)));
  else err(`${what}: there is no timer ${JSON.stringify(label)}`);
};

const methods = {
  log: out,
  info: out,
  debug: out,
  dirxml: out,
  warn: err,
  error: err,
  trace(...args) {
    const message = rip.format(args);
    const calls = rip.inspecting.stackOf(new Error()).split("\n").filter((line) => line !== "" && !line.includes("(rip:"));
    print([`Trace${args.length === 0 ? "" : `: ${message}`}`, ...calls].join("\n"), true);
  },
  assert(condition = false, ...args) {
    if (condition) return;
    if (typeof args[0] === "string") err(`Assertion failed: ${args[0]}`, ...args.slice(1));
    else err("Assertion failed", ...args);
  },
  dir(value, options = undefined) {
    print(rip.inspect(value, options), false);
  },
  table(data = undefined, columns = undefined) {
    const text = rip.table(data, columns);
    if (text === null) out(data);
    else print(text, false);
  },
  group(...labels) {
    if (labels.length > 0) out(...labels);
    indent += "  ";
  },
  groupEnd() {
    indent = indent.slice(2);
  },
  clear() {},
  count(label = "default") {
    label = `${label}`;
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    out(`${label}: ${count}`);
  },
  countReset(label = "default") {
    if (!counts.delete(`${label}`)) err(`console.countReset: there is no count ${JSON.stringify(`${label}`)}`);
  },
  time(label = "default") {
    label = `${label}`;
    if (started.has(label)) err(`console.time: there is a timer ${JSON.stringify(label)} already`);
    else started.set(label, host.now());
  },
  timeLog(label = "default", ...args) {
    label = `${label}`;
    since(label, "console.timeLog", (text) => out(`${label}: ${text}`, ...args));
  },
  timeEnd(label = "default") {
    label = `${label}`;
    since(label, "console.timeEnd", (text) => out(`${label}: ${text}`));
    started.delete(label);
  },
};
methods.groupCollapsed = methods.group;

// A namespace of Web IDL: an object whose prototype is an empty one of its own.
const console = Object.create(Object.create(Object.prototype));
for (const name in methods) {
  const method = { [name]: (...args) => methods[name](...args) }[name];
  console[name] = method;
}
Object.defineProperty(console, Symbol.toStringTag, { value: "console", configurable: true });
rip.define("console", console);
