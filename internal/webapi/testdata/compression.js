const collect = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());
const pieces = (bytes, length) => {
  const list = [];
  for (let at = 0; at < bytes.length; at += length) list.push(bytes.slice(at, at + length));
  return ReadableStream.from(list);
};
const text = "a line that comes again\n".repeat(500);
const compress = (format) => collect(new Response(text).body.pipeThrough(new CompressionStream(format)));
const decompress = (bytes, format, length = bytes.length) =>
  collect(pieces(bytes, length).pipeThrough(new DecompressionStream(format)));

test("there and back, in pieces of any length", async () => {
  for (const format of ["gzip", "deflate", "deflate-raw"]) {
    const small = await compress(format);
    equal(small.length < text.length / 10, true);
    for (const length of [1, 7, small.length]) {
      equal(new TextDecoder().decode(await decompress(small, format, length)) === text, true, `${format} by ${length}:`);
    }
  }
});

test("data that is cut off, or longer, or no such data", async () => {
  for (const format of ["gzip", "deflate", "deflate-raw"]) {
    const small = await compress(format);
    await rejects(decompress(small.slice(0, -1), format), "TypeError");
    await rejects(decompress(new Uint8Array(0), format), "TypeError");
    await rejects(decompress(new Uint8Array([...small, 0]), format), "TypeError");
    await rejects(decompress(new Uint8Array([...small, 0]), format, small.length), "TypeError");
    await rejects(decompress(new Uint8Array([7, 7, 7, 7]), format), "TypeError");
  }
});

test("a stream may be given up", async () => {
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  writer.write(new Uint8Array([0x1f, 0x8b])).catch(() => {});
  await readable.cancel("enough");
  equal(await writer.closed.catch((reason) => reason), "enough");
});

test("what is refused", async () => {
  throws(() => new CompressionStream("zip"), "TypeError");
  throws(() => new DecompressionStream(), "TypeError");
  await rejects(collect(ReadableStream.from(["text"]).pipeThrough(new CompressionStream("gzip"))), "TypeError");
});
