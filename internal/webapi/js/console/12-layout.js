// How rip.inspect puts what an object holds on lines.

const rip = __rip;
const { WIDTH } = rip.inspecting;

const LEVELS_ON_A_LINE = 3;

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

Object.assign(rip.inspecting, { LEVELS_ON_A_LINE, join });
