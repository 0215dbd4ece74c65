// FormData: https://xhr.spec.whatwg.org/#interface-formdata

const rip = __rip;
const { required } = rip;

// The value of an entry: a string, or a File.
const valueOf = (value, filename, given) => {
  if (!rip.is("Blob", value)) {
    if (given) throw new TypeError("only a Blob has a file name");
    return rip.usv(value);
  }
  if (value instanceof rip.File && !given) return value;
  const name = given ? rip.usv(filename) : "blob";
  return rip.fileOf(rip.blobBytes(value), value.type, name, value instanceof rip.File ? value.lastModified : undefined);
};

let listOf;

class FormData {
  #list = [];

  constructor(form = undefined) {
    if (form !== undefined) throw new TypeError("there are no forms here");
  }

  append(name, value, filename = undefined) {
    const list = this.#list;
    required(2, arguments.length, "FormData.append");
    const key = rip.usv(name);
    list.push([key, valueOf(value, filename, arguments.length > 2 && filename !== undefined)]);
  }

  delete(name) {
    const list = this.#list;
    required(1, arguments.length, "FormData.delete");
    const key = rip.usv(name);
    this.#list = list.filter((entry) => entry[0] !== key);
  }

  get(name) {
    const list = this.#list;
    required(1, arguments.length, "FormData.get");
    const key = rip.usv(name);
    return list.find((entry) => entry[0] === key)?.[1] ?? null;
  }

  getAll(name) {
    const list = this.#list;
    required(1, arguments.length, "FormData.getAll");
    const key = rip.usv(name);
    return list.filter((entry) => entry[0] === key).map((entry) => entry[1]);
  }

  has(name) {
    const list = this.#list;
    required(1, arguments.length, "FormData.has");
    const key = rip.usv(name);
    return list.some((entry) => entry[0] === key);
  }

  set(name, value, filename = undefined) {
    const list = this.#list;
    required(2, arguments.length, "FormData.set");
    const key = rip.usv(name);
    const entry = [key, valueOf(value, filename, arguments.length > 2 && filename !== undefined)];
    const first = list.findIndex((other) => other[0] === key);
    if (first < 0) list.push(entry);
    else this.#list = list.map((other, at) => (at === first ? entry : other)).filter((other, at) => at <= first || other[0] !== key);
  }

  forEach(callback, thisArg = undefined) {
    this.#list;
    required(1, arguments.length, "FormData.forEach");
    rip.callback(callback, "the callback of FormData.forEach");
    for (let i = 0; i < this.#list.length; i++) {
      const [name, value] = this.#list[i];
      Reflect.apply(callback, thisArg, [value, name, this]);
    }
  }

  entries() {
    this.#list;
    return makeIterator(this, 0);
  }

  keys() {
    this.#list;
    return makeIterator(this, 1);
  }

  values() {
    this.#list;
    return makeIterator(this, 2);
  }

  static {
    listOf = (form) => form.#list;
  }
}

Object.defineProperty(FormData.prototype, Symbol.iterator, {
  value: FormData.prototype.entries,
  writable: true,
  configurable: true,
});
const makeIterator = rip.iterator("FormData", (form) => listOf(form));
rip.expose(FormData);

rip.formList = (form) => listOf(form);
