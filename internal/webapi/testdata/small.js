test("base64", () => {
  equal(btoa("a\xff\0"), "Yf8A");
  equal(btoa(""), "");
  equal(atob(" Y f8\nA"), "a\xff\0");
  equal(atob("YQ"), "a");
  equal(atob("YQ=="), "a");
  equal(atob("YR=="), "a");
  for (const bad of ["Y", "YQ=", "Y===", "=", "YQ==YQ==", "Y-_Q", "YQ\u00a0", "é"]) throws(() => atob(bad), "InvalidCharacterError");
  throws(() => btoa("\u0100"), "InvalidCharacterError");
  throws(() => btoa(), "TypeError");
});

test("process.env", () => {
  equal(process.env.HOME, "/home/app");
  equal([process.env.EMPTY, process.env.EQUALS, process.env.NONE], ["", "a=b", undefined]);
  equal("toString" in process.env, true);
});

test("globals", () => {
  equal(self === globalThis, true);
  equal(typeof navigator.userAgent, "string");
  equal("__host" in globalThis || "__rip" in globalThis, false);
});

test("performance", () => {
  const before = performance.now();
  equal(performance.now() >= before, true);
  equal(Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 10000, true);
  const mark = performance.mark("a", { detail: { x: 1 } });
  equal([mark.name, mark.entryType, mark.duration, mark.detail.x], ["a", "mark", 0, 1]);
  equal(mark instanceof PerformanceEntry, true);
  performance.mark("b", { startTime: mark.startTime + 5 });
  equal(Math.round(performance.measure("m", "a", "b").duration), 5);
  equal(performance.measure("m", { start: 1, end: 3 }).duration, 2);
  equal(performance.measure("m", { start: 1, duration: 3 }).duration, 3);
  throws(() => performance.measure("m", "none"), "SyntaxError");
  equal(performance.getEntriesByType("mark").length, 2);
  equal(performance.getEntriesByName("m").length, 3);
  performance.clearMarks();
  performance.clearMeasures("m");
  equal(performance.getEntries(), []);
  throws(() => new Performance(), "TypeError");
});
