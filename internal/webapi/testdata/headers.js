test("a value is trimmed, and names are the same in any case", () => {
  const headers = new Headers({ "X-One": " a ", two: "\tb\r\n" });
  equal(headers.get("x-one"), "a");
  equal(headers.get("TWO"), "b");
  equal(headers.get("three"), null);
});

test("values of one name are joined; set-cookie is not, where one iterates", () => {
  const headers = new Headers([["b", "1"], ["set-cookie", "z"], ["B", "2"], ["Set-Cookie", "a"], ["a", ""]]);
  equal([...headers], [["a", ""], ["b", "1, 2"], ["set-cookie", "z"], ["set-cookie", "a"]]);
  equal(headers.get("set-cookie"), "z, a");
  equal(headers.getSetCookie(), ["z", "a"]);
});

test("append, set, has and delete", () => {
  const headers = new Headers();
  headers.append("a", "1");
  headers.append("b", "2");
  headers.append("A", "3");
  headers.set("a", "4");
  equal([...headers.values()], ["4", "2"]);
  headers.delete("A");
  equal(headers.has("a"), false);
  equal([...headers.keys()], ["b"]);
});

test("an iterator sees what is changed under it", () => {
  const headers = new Headers({ a: "1", b: "2", c: "3" });
  const seen = [];
  for (const [name] of headers) {
    seen.push(name);
    if (name === "a") headers.delete("b");
    if (name === "c" && !headers.has("d")) headers.append("d", "4");
  }
  equal(seen, ["a", "c", "d"]);
});

test("forEach gives value, name and the headers", () => {
  const headers = new Headers({ a: "1" });
  const seen = [];
  headers.forEach(function (value, name, all) {
    seen.push(value, name, all === headers, this.me);
  }, { me: true });
  equal(seen, ["1", "a", true, true]);
});

test("an object is read as a record, with its own enumerable names in order", () => {
  const log = [];
  const record = new Proxy(Object.create({ inherited: "x" }, { hidden: { value: "y" }, a: { value: "1", enumerable: true } }), {
    ownKeys: (target) => (log.push("keys"), Reflect.ownKeys(target)),
    getOwnPropertyDescriptor: (target, key) => (log.push(`own ${String(key)}`), Reflect.getOwnPropertyDescriptor(target, key)),
    get: (target, key) => (log.push(`get ${String(key)}`), Reflect.get(target, key)),
  });
  equal([...new Headers(record)], [["a", "1"]]);
  equal(log, ["get Symbol(Symbol.iterator)", "keys", "own hidden", "own a", "get a"]);
});

test("what cannot be a header is refused", () => {
  for (const init of [null, 1, [["one"]], [["a", "b", "c"]], [1], { "a b": "" }, { a: "\0" }, { a: "1\n2" }, { "\u0100": "" }, { a: "\u0100" }]) {
    throws(() => new Headers(init), "TypeError");
  }
  const headers = new Headers();
  throws(() => headers.append("a"), "TypeError");
  throws(() => headers.get("\u0100"), "TypeError");
  throws(() => Headers(), "TypeError");
  throws(() => Headers.prototype.get.call({}, "a"), "TypeError");
});

test("members are enumerable, and objects have a name", () => {
  equal(Object.keys(Headers.prototype).sort().join(), "append,delete,entries,forEach,get,getSetCookie,has,keys,set,values");
  equal(String(new Headers()), "[object Headers]");
  equal(String(new Headers().keys()), "[object Headers Iterator]");
  equal(Headers.prototype[Symbol.iterator], Headers.prototype.entries);
  equal([Headers.length, Headers.prototype.append.length], [0, 2]);
});
