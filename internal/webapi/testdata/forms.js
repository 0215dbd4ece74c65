const form = (...entries) => {
  const data = new FormData();
  for (const entry of entries) data.append(...entry);
  return data;
};

test("FormData keeps entries in order", () => {
  const data = form(["a", "1"], ["b", "2"], ["a", "3"]);
  equal([data.get("a"), data.getAll("a"), data.has("c"), data.get("c")], ["1", ["1", "3"], false, null]);
  data.set("a", "4");
  equal([...data], [["a", "4"], ["b", "2"]]);
  data.delete("a");
  equal([...data.keys()], ["b"]);
  throws(() => data.append("a"), "TypeError");
  throws(() => data.append("a", "b", "c"), "TypeError");
  throws(() => new FormData({}), "TypeError");
});

test("a Blob becomes a File", () => {
  const blob = new Blob(["x"], { type: "a/b" });
  equal([form(["a", blob]).get("a").name, form(["a", blob, "n"]).get("a").name], ["blob", "n"]);
  const file = new File(["x"], "n", { lastModified: 5 });
  equal(form(["a", file]).get("a"), file);
  equal([form(["a", file, "m"]).get("a").name, form(["a", file, "m"]).get("a").lastModified], ["m", 5]);
});

test("a form goes through a response and back", async () => {
  const file = new File(["content\r\n--"], 'q"\n.txt', { type: "text/x" });
  const response = new Response(form(["a\nb", "1\r2\n3"], ["f", file], ["empty", ""], ["ü", "€"]));
  equal(/^multipart\/form-data; boundary=[-\w]{27,70}$/.test(response.headers.get("content-type")), true);
  const back = await response.formData();
  equal([...back.keys()], ["a%0D%0Ab", "f", "empty", "ü"]);
  equal([back.get("a%0D%0Ab"), back.get("empty"), back.get("ü")], ["1\r\n2\r\n3", "", "€"]);
  equal([back.get("f").name, back.get("f").type, await back.get("f").text()], ["q%22%0A.txt", "text/x", "content\r\n--"]);
});

const parse = (body, type = "multipart/form-data; boundary=b") => new Response(body, { headers: { "content-type": type } }).formData();
const part = (...lines) => ["--b", ...lines, "", "v", "--b--", ""].join("\r\n");
const plain = 'Content-Disposition: form-data; name="a"';

test("multipart that is unusual", async () => {
  for (const body of [
    part(plain), part(" content-disposition : form-data; name=a"), part("X-Other: 1", plain), `${part(plain)}epilogue`,
    part(plain).replace("--b\r\n", "--b \t\r\n"), part(plain).replace("--b--\r\n", "--b--  "),
  ]) {
    equal([...(await parse(body))], [["a", "v"]]);
  }
  equal([...(await parse("--b--\r\n"))], []);
});

test("multipart that is broken", async () => {
  for (const body of [
    "", "--b", `x\r\n${part(plain)}`, part("X: 1"), part("no colon"), part(`${plain}\0`), part('Content-Disposition: x; name="a"'),
    part(plain).replace("--b--", "--b--x"), part(plain).replace("--b--", "--c--"), part("Con tent: x", plain), "--b\r\n\r\nv\r\n--b--",
  ]) {
    await rejects(parse(body), "TypeError");
  }
  await rejects(parse(part(plain), "multipart/form-data"), "TypeError");
  await rejects(parse(part(plain), "text/plain"), "TypeError");
});

test("a file of a form has bytes and a type", async () => {
  const head = new TextEncoder().encode('--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\nContent-Type: A/B;;c="d"\r\n\r\n');
  const tail = new TextEncoder().encode("\r\n--b--");
  const file = (await parse(new Blob([head, new Uint8Array([0, 255, 13, 10]), tail]))).get("f");
  equal([file.type, file.lastModified, [...(await file.bytes())]], ["a/b;c=d", 0, [0, 255, 13, 10]]);
});

test("urlencoded forms", async () => {
  const type = "application/x-www-form-urlencoded";
  equal([...(await parse("a=1&b=%C3%BC+x&a", type))], [["a", "1"], ["b", "ü x"], ["a", ""]]);
  equal([...(await new Response(new URLSearchParams([["a", "&="]])).formData())], [["a", "&="]]);
});

test("blobs", async () => {
  const blob = new Blob(["ab", new Uint8Array([99]), new Blob(["de"])], { type: "Text/Plain" });
  equal([blob.size, blob.type, await blob.text(), await blob.slice(-3, -1).text()], [5, "text/plain", "abcde", "cd"]);
  equal([blob.slice(1, 2, "x/y").type, blob.slice().type, blob.slice(4, 2).size], ["x/y", "", 0]);
  equal(await new Blob(["a\r\nb\rc"], { endings: "native" }).text(), "a\nb\nc");
  equal(new Blob([], { type: "ü" }).type, "");
  let read = 0;
  for await (const chunk of new Blob([new Uint8Array(100000)]).stream()) read += chunk.length;
  equal(read, 100000);
  for (const parts of [null, 1, "x", {}]) throws(() => new Blob(parts), "TypeError");
  throws(() => new Blob([], { endings: "x" }), "TypeError");
  throws(() => new File(["x"]), "TypeError");
  equal([String(blob), new File([], "a/ü").name], ["[object Blob]", "a/ü"]);
});
