// rip.inspect shows a value as text. The form is the one that people know from
// Node: one line where it fits, two spaces of indentation, quotes around
// strings inside of others, objects to a depth of two.

const rip = __rip;
const { getOwnPropertyDescriptor } = Object;
const { WIDTH, LEVELS_ON_A_LINE, showPrimitive, className, tagOf, look, showProperty, isArguments, join } = rip.inspecting;

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

const keysOf = (value, isArray) => {
  const keys = isArray ? Object.keys(value).filter((key) => !/^(?:0|[1-9]\d*)$/.test(key)) : Object.keys(value);
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    if (getOwnPropertyDescriptor(value, symbol).enumerable) keys.push(symbol);
  }
  return keys;
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

rip.inspecting.show = show;
rip.inspect = inspect;
