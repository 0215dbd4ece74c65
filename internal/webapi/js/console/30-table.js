// rip.table is the text of console.table, null for what has no rows.

const rip = __rip;

const isObject = (value) => typeof value === "object" && value !== null;
const showCell = (value) => rip.inspect(value, { depth: isObject(value) && !Array.isArray(value) ? -1 : 0 });

const rowsOf = (data) => {
  if (data instanceof Map) return [...data].map(([key, value], i) => [i, value, key]);
  if (data instanceof Set) return [...data].map((value, i) => [i, value]);
  return Object.keys(data).map((key) => [key, data[key]]);
};

const draw = (head, rows) => {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)) + 2);
  const bar = (left, middle, right) => left + widths.map((width) => "─".repeat(width)).join(middle) + right;
  const line = (cells) => `│${cells.map((cell, column) => ` ${cell}`.padEnd(widths[column])).join("│")}│`;
  return [bar("┌", "┬", "┐"), line(head), bar("├", "┼", "┤"), ...rows.map(line), bar("└", "┴", "┘")].join("\n");
};

rip.table = (data, only) => {
  if (!isObject(data)) return null;
  const list = rowsOf(data);
  const isMap = data instanceof Map;
  const columns = only === undefined ? [] : [...only].map(String);
  let values = false;
  for (const [, value] of list) {
    if (!isObject(value)) values = true;
    else if (only === undefined) for (const key of Object.keys(value)) if (!columns.includes(key)) columns.push(key);
  }
  const index = isMap || data instanceof Set ? "(iteration index)" : "(index)";
  const head = [index, ...(isMap ? ["Key"] : []), ...columns, ...(values ? ["Values"] : [])];
  const rows = list.map(([key, value, mapKey]) => [
    `${key}`,
    ...(isMap ? [showCell(mapKey)] : []),
    ...columns.map((column) => (isObject(value) && Object.hasOwn(value, column) ? showCell(value[column]) : "")),
    ...(values ? [isObject(value) ? "" : showCell(value)] : []),
  ]);
  return draw(head, rows);
};
