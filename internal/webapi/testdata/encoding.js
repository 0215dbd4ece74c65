const bytes = (...list) => new Uint8Array(list);

test("TextEncoder", () => {
  equal([...new TextEncoder().encode("aé€😀\ud800")], [97, 195, 169, 226, 130, 172, 240, 159, 152, 128, 239, 191, 189]);
  const room = new Uint8Array(4);
  equal(new TextEncoder().encodeInto("a😀", room), { read: 1, written: 1 });
  equal(new TextEncoder().encodeInto("😀a", room), { read: 2, written: 4 });
  throws(() => new TextEncoder().encodeInto("", new Int8Array(1)), "TypeError");
});

test("broken UTF-8 becomes one U+FFFD for each piece", () => {
  for (const [list, want] of [
    [[0xf0, 0x9f, 0x92], "\ufffd"], [[0xf0, 0x8f, 0x92], "\ufffd\ufffd\ufffd"], [[0xf0, 0x9f, 0x41], "\ufffdA"],
    [[0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"], [[0xc1, 0x41], "\ufffdA"], [[0xf4, 0x90, 0x80, 0x80], "\ufffd\ufffd\ufffd\ufffd"],
  ]) {
    equal(new TextDecoder().decode(bytes(...list)), want);
    throws(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes(...list)), "TypeError");
  }
});

test("decoding in pieces of any length", () => {
  const text = "\u0000aé€😀\udbff\udfff\ufffd";
  const all = {
    "utf-8": [...new TextEncoder().encode(text)],
    "utf-16le": [...text].flatMap((c) => [...c].join("").split("")).flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]),
    "utf-16be": [...text].flatMap((c) => c.split("")).flatMap((c) => [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 255]),
  };
  for (const name of Object.keys(all)) {
    for (let length = 1; length < 6; length++) {
      const decoder = new TextDecoder(name);
      let out = "";
      for (let at = 0; at < all[name].length; at += length) {
        out += decoder.decode(bytes(...all[name].slice(at, at + length)), { stream: true });
      }
      equal(out + decoder.decode(), text, `${name} ${length}:`);
    }
  }
});

test("a piece ends where a character may have begun", () => {
  const decoder = new TextDecoder();
  equal(decoder.decode(bytes(0xf0), { stream: true }), "");
  equal(decoder.decode(bytes(0xc2), { stream: true }), "\ufffd");
  equal(decoder.decode(bytes(0x80), { stream: true }), "\x80");
  equal(decoder.decode(bytes(0xe0, 0x80), { stream: true }), "\ufffd\ufffd");
  equal(decoder.decode(), "");
  equal(decoder.decode(bytes(0xe2), { stream: true }) + decoder.decode(), "\ufffd");
});

test("the byte order mark", () => {
  equal(new TextDecoder().decode(bytes(0xef, 0xbb, 0xbf, 97)), "a");
  equal(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes(0xef, 0xbb, 0xbf, 97)), "\ufeffa");
  const decoder = new TextDecoder();
  equal(decoder.decode(bytes(0xef, 0xbb), { stream: true }) + decoder.decode(bytes(0xbf, 0xef, 0xbb, 0xbf)), "\ufeff");
  equal(new TextDecoder("utf-16le").decode(bytes(0xff, 0xfe, 97, 0)), "a");
});

test("encodings with one byte, by all their names", () => {
  equal(new TextDecoder(" Latin1\n").encoding, "windows-1252");
  equal(new TextDecoder("latin1").decode(bytes(0x80, 0xe9, 0x81)), "€é\x81");
  equal(new TextDecoder("koi8-r").decode(bytes(0xc1, 0x41)), "аA");
  equal(new TextDecoder("iso-8859-15").decode(bytes(0xa4, 0x85)), "€\x85");
  equal(new TextDecoder("cp1253").decode(bytes(0xaa)), "\ufffd");
  throws(() => new TextDecoder("windows-1253", { fatal: true }).decode(bytes(0xaa)), "TypeError");
  throws(() => new TextDecoder("no-such"), "RangeError");
});

test("odd UTF-16", () => {
  equal(new TextDecoder("utf-16le").decode(bytes(0, 0xd8, 1)), "\ufffd");
  equal(new TextDecoder("utf-16le").decode(bytes(97, 0, 1)), "a\ufffd");
  equal(new TextDecoder("utf-16le").decode(bytes(0, 0xdc)), "\ufffd");
});

test("streams of text", async () => {
  const collect = async (stream) => {
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    return chunks;
  };
  const decoded = ReadableStream.from([bytes(0xf0, 0x9f), bytes(0x98, 0x80, 97)]).pipeThrough(new TextDecoderStream());
  equal(await collect(decoded), ["😀a"]);
  const encoded = ReadableStream.from(["\ud83d", "\ude00", "\ud83d"]).pipeThrough(new TextEncoderStream());
  equal((await collect(encoded)).map((chunk) => [...chunk]), [[240, 159, 152, 128], [239, 191, 189]]);
  await rejects(collect(ReadableStream.from(["x"]).pipeThrough(new TextDecoderStream())), "TypeError");
});
