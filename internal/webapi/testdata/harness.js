// What the scripts here test with.
const tests = [];
const failures = [];
let count = 0;
let finished = false;

const test = (name, body) => tests.push({ name, body });

const show = (value) => (typeof value === "string" ? JSON.stringify(value) : JSON.stringify(value) ?? String(value));

const same = (a, b) => {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const keys = Reflect.ownKeys(a);
  return keys.length === Reflect.ownKeys(b).length && keys.every((key) => same(a[key], b[key]));
};

const equal = (got, want, what = "") => {
  if (!same(got, want)) throw new Error(`${what} got ${show(got)}, want ${show(want)}`);
};

const rejects = async (promise, name) => {
  let thrown;
  try {
    await promise;
  } catch (error) {
    thrown = error;
  }
  if (thrown === undefined) throw new Error(`nothing was thrown, want ${name}`);
  equal(thrown.name, name, `${thrown}:`);
  return thrown;
};

const throws = (body, name) => {
  let thrown;
  try {
    body();
  } catch (error) {
    thrown = error;
  }
  if (thrown === undefined) throw new Error(`nothing was thrown, want ${name}`);
  equal(thrown.name, name, `${thrown}:`);
  return thrown;
};

const run = async () => {
  for (const { name, body } of tests) {
    count++;
    try {
      await body();
    } catch (error) {
      failures.push(`${name}: ${error}\n${error?.stack}`);
    }
  }
  finished = true;
};
