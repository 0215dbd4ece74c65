test("in the order of their times", async () => {
  const seen = [];
  await new Promise((resolve) => {
    setTimeout(() => { seen.push("late"); resolve(); }, 30);
    setTimeout((a, b) => seen.push(a + b), 5, "ea", "rly");
    setImmediate(() => seen.push("now"));
    setTimeout(() => seen.push("zero"));
    Promise.resolve().then(() => seen.push("job"));
  });
  equal(seen, ["job", "now", "zero", "early", "late"]);
});

test("jobs run between two timers", async () => {
  const seen = [];
  await new Promise((resolve) => {
    setTimeout(() => { seen.push(1); Promise.resolve().then(() => seen.push("job")); });
    setTimeout(() => { seen.push(2); resolve(); });
  });
  equal(seen, [1, "job", 2]);
});

test("cleared ones do not fire", async () => {
  let fired = 0;
  clearTimeout(setTimeout(() => fired++, 1));
  clearInterval(setTimeout(() => fired++, 1));
  clearTimeout(undefined);
  clearTimeout(4711);
  await new Promise((resolve) => setTimeout(resolve, 10));
  equal(fired, 0);
});

test("intervals", async () => {
  let rounds = 0;
  await new Promise((resolve) => {
    const id = setInterval(() => {
      if (++rounds === 3) {
        clearInterval(id);
        resolve();
      }
    }, 1);
  });
  await new Promise((resolve) => setTimeout(resolve, 10));
  equal(rounds, 3);
});

test("numbers and mistakes", () => {
  const id = setTimeout(() => {}, -1);
  equal(typeof id, "number");
  equal(id > 0, true);
  clearTimeout(String(id));
  throws(() => setTimeout("code"), "TypeError");
  equal([setTimeout.length, setTimeout.name], [1, "setTimeout"]);
});
