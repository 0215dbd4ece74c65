test("components", () => {
  const url = new URL("https://user:pass@sub.example.com:8080/p/a/t/h?query=string#hash");
  equal(url.href, "https://user:pass@sub.example.com:8080/p/a/t/h?query=string#hash");
  equal(url.origin, "https://sub.example.com:8080");
  equal(url.protocol, "https:");
  equal(url.username, "user");
  equal(url.password, "pass");
  equal(url.host, "sub.example.com:8080");
  equal(url.hostname, "sub.example.com");
  equal(url.port, "8080");
  equal(url.pathname, "/p/a/t/h");
  equal(url.search, "?query=string");
  equal(url.hash, "#hash");
  equal(`${url}`, url.href);
  equal(JSON.stringify({ url }), `{"url":"${url.href}"}`);
});

test("unusual ones", () => {
  const v6 = new URL("http://u@[::1]:99?a@b:c#d?e");
  equal([v6.host, v6.hostname, v6.port, v6.username, v6.password], ["[::1]:99", "[::1]", "99", "u", ""]);
  equal([v6.pathname, v6.search, v6.hash], ["/", "?a@b:c", "#d?e"]);
  const mail = new URL("mailto:a@b.c?subject=x");
  equal([mail.origin, mail.host, mail.pathname, mail.search], ["null", "", "a@b.c", "?subject=x"]);
  const path = new URL("web+demo:/.//not-a-host/");
  equal([path.href, path.host, path.pathname], ["web+demo:/.//not-a-host/", "", "//not-a-host/"]);
  equal(new URL("http://h/?#").search + new URL("http://h/?#").hash, "");
  equal(new URL("blob:https://a.b/uuid").origin, "https://a.b");
  equal(new URL("file:///x").origin, "null");
  equal(new URL("non-special://:@h:1/x").href, "non-special://h:1/x");
});

test("bases and failures", () => {
  equal(new URL("../x?y", "http://h/a/b/c").href, "http://h/a/x?y");
  equal(new URL("//o", new URL("https://h/")).href, "https://o/");
  throws(() => new URL("/x"), "TypeError");
  throws(() => new URL("http://h/", ""), "TypeError");
  throws(() => new URL(), "TypeError");
  equal(throws(() => new URL("nope"), "TypeError").code, "ERR_INVALID_URL");
  equal(URL.canParse("x", "http://h"), true);
  equal(URL.canParse("x"), false);
  equal(URL.parse("x"), null);
  equal(URL.parse("x", "http://h").href, "http://h/x");
});

test("setters", () => {
  const url = new URL("http://host/path?a=1#h");
  url.protocol = "https";
  url.hostname = "other";
  url.port = "8443";
  url.pathname = "/a b";
  url.username = "me";
  url.hash = "";
  equal(url.href, "https://me@other:8443/a%20b?a=1");
  url.port = "no";
  url.host = "";
  equal(url.href, "https://me@other:8443/a%20b?a=1");
  throws(() => (url.href = "nope"), "TypeError");
  url.href = "http://x/?q";
  equal(url.search, "?q");
});

test("searchParams follow the URL, and the URL them", () => {
  const url = new URL("http://host/?a=1&b=2#h");
  const params = url.searchParams;
  equal(url.searchParams === params, true);
  params.append("c d", "é&=");
  equal(url.href, "http://host/?a=1&b=2&c+d=%C3%A9%26%3D#h");
  url.search = "?x=y";
  equal([...params], [["x", "y"]]);
  url.href = "http://host/?z=1";
  equal(params.get("z"), "1");
  params.delete("z");
  equal(url.href, "http://host/");
});

test("URLSearchParams", () => {
  const params = new URLSearchParams("?a=1&a=2&b=%20+x&c&%zz=%ff&=e&&");
  equal([...params], [["a", "1"], ["a", "2"], ["b", "  x"], ["c", ""], ["%zz", "\ufffd"], ["", "e"]]);
  equal(params.size, 6);
  equal(params.getAll("a"), ["1", "2"]);
  equal(params.get("none"), null);
  equal([params.has("a", "2"), params.has("a", "3")], [true, false]);
  params.set("a", "!'()~*-._ é\u{1f600}\ud800");
  params.delete("%zz");
  equal(params.toString(), "a=%21%27%28%29%7E*-._+%C3%A9%F0%9F%98%80%EF%BF%BD&b=++x&c=&=e");
  equal(new URLSearchParams({ a: 1, b: "x y" }).toString(), "a=1&b=x+y");
  equal(new URLSearchParams([["a", 1], new Set(["b", 2])]).toString(), "a=1&b=2");
  equal(new URLSearchParams(new URLSearchParams("q=1")).toString(), "q=1");
  throws(() => new URLSearchParams([["a"]]), "TypeError");
  const sorted = new URLSearchParams("z=1&a=2&z=0&ﬃ=3&🌈=4");
  sorted.sort();
  equal([...sorted.keys()], ["a", "z", "z", "🌈", "ﬃ"]);
  equal([...sorted.values()].slice(0, 3), ["2", "1", "0"]);
  const seen = [];
  sorted.forEach((value, key) => seen.push(key + value));
  equal(seen.length, 5);
  equal(new URLSearchParams("é=%C3%A9&%c3").toString(), "%C3%A9=%C3%A9&%EF%BF%BD=");
});
