// performance: https://w3c.github.io/hr-time/ and https://w3c.github.io/user-timing/

const rip = __rip;
const host = __host;
const { SECRET, required, dictionary } = rip;

const refuse = () => {
  throw new TypeError("Illegal constructor");
};

let detailOf;

class PerformanceEntry {
  #entry;

  constructor(secret = undefined, entry = undefined) {
    if (secret !== SECRET) refuse();
    this.#entry = entry;
  }

  get name() {
    return this.#entry.name;
  }

  get entryType() {
    return this.#entry.entryType;
  }

  get startTime() {
    return this.#entry.startTime;
  }

  get duration() {
    return this.#entry.duration;
  }

  toJSON() {
    return { ...this.#entry };
  }

  static {
    detailOf = (entry) => entry.#entry.detail;
  }
}

const time = (value, what) => {
  const number = +value;
  if (!Number.isFinite(number)) throw new TypeError(`${what} is not a finite number`);
  if (number < 0) throw new TypeError(`${what} is before the time origin`);
  return number;
};

const copy = (detail) => (detail === undefined || detail === null ? null : rip.structuredClone(detail));

class PerformanceMark extends PerformanceEntry {
  constructor(name, options = undefined) {
    required(1, arguments.length, "PerformanceMark");
    const { startTime, detail } = dictionary(options, "the options of a mark");
    super(SECRET, {
      name: rip.string(name),
      entryType: "mark",
      startTime: startTime === undefined ? host.now() : time(startTime, "startTime"),
      duration: 0,
      detail: copy(detail),
    });
  }

  get detail() {
    return detailOf(this);
  }
}

class PerformanceMeasure extends PerformanceEntry {
  get detail() {
    return detailOf(this);
  }
}

// A server that measures every request and clears nothing must not grow.
const most = 10000;
const entries = [];
const keep = (entry) => {
  if (entries.length === most) entries.shift();
  entries.push(entry);
};

class Performance extends rip.EventTarget {
  constructor(secret = undefined) {
    if (secret !== SECRET) refuse();
    super();
  }

  get timeOrigin() {
    return host.timeOrigin();
  }

  now() {
    return host.now();
  }

  mark(name, options = undefined) {
    required(1, arguments.length, "Performance.mark");
    const mark = new PerformanceMark(name, options);
    keep(mark);
    return mark;
  }

  measure(name, startOrOptions = undefined, endMark = undefined) {
    required(1, arguments.length, "Performance.measure");
    const options = typeof startOrOptions === "object" && startOrOptions !== null ? startOrOptions : { start: startOrOptions };
    const at = (mark) => {
      if (typeof mark === "number") return time(mark, "a time");
      const found = entries.findLast((entry) => entry.entryType === "mark" && entry.name === `${mark}`);
      if (found === undefined) throw new rip.DOMException(`no mark ${JSON.stringify(`${mark}`)}`, "SyntaxError");
      return found.startTime;
    };
    const { start, duration, detail } = options;
    const last = endMark ?? options.end;
    let end;
    if (last !== undefined) end = at(last);
    else if (start !== undefined && duration !== undefined) end = at(start) + time(duration, "duration");
    else end = host.now();
    let begin = 0;
    if (start !== undefined) begin = at(start);
    else if (duration !== undefined) begin = end - time(duration, "duration");
    const measure = new PerformanceMeasure(SECRET, {
      name: rip.string(name),
      entryType: "measure",
      startTime: begin,
      duration: end - begin,
      detail: copy(detail),
    });
    keep(measure);
    return measure;
  }

  clearMarks(name = undefined) {
    remove("mark", name);
  }

  clearMeasures(name = undefined) {
    remove("measure", name);
  }

  getEntries() {
    return entries.toSorted((a, b) => a.startTime - b.startTime);
  }

  getEntriesByType(type) {
    return this.getEntries().filter((entry) => entry.entryType === `${type}`);
  }

  getEntriesByName(name, type = undefined) {
    return this.getEntries().filter((entry) => entry.name === `${name}` && (type === undefined || entry.entryType === `${type}`));
  }

  toJSON() {
    return { timeOrigin: this.timeOrigin };
  }
}

const remove = (type, name) => {
  for (let i = entries.length - 1; i >= 0; i--) {
    if (entries[i].entryType === type && (name === undefined || entries[i].name === `${name}`)) entries.splice(i, 1);
  }
};

rip.expose(PerformanceEntry);
rip.expose(PerformanceMark);
rip.expose(PerformanceMeasure);
rip.expose(Performance);
rip.define("performance", new Performance(SECRET));
