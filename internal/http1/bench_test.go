package http1

import (
	"slices"
	"strconv"
	"testing"
)

const wrkHead = "GET /ping HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: wrk/4.1.0\r\nAccept: */*\r\n\r\n"

const browserHead = "GET /articles/2024/05/strict-parsers?page=2&sort=new%20first HTTP/1.1\r\n" +
	"Host: www.example.com\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n" +
	"Accept-Language: en-US,en;q=0.5\r\n" +
	"Accept-Encoding: gzip, deflate, br, zstd\r\n" +
	"Connection: keep-alive\r\n" +
	"Cookie: session=0b1c2d3e4f5061728394a5b6c7d8e9f0; theme=dark; consent=1\r\n" +
	"Upgrade-Insecure-Requests: 1\r\n" +
	"Sec-Fetch-Dest: document\r\n" +
	"Sec-Fetch-Mode: navigate\r\n" +
	"Sec-Fetch-Site: same-origin\r\n" +
	"If-Modified-Since: Mon, 06 May 2024 10:00:00 GMT\r\n" +
	"Priority: u=1\r\n\r\n"

func BenchmarkRequest(b *testing.B) {
	for _, bb := range []struct{ name, head string }{{"wrk", wrkHead}, {"browser", browserHead}} {
		b.Run(bb.name, func(b *testing.B) {
			in := []byte(bb.head)
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			var r Request
			for b.Loop() {
				r.Reset()
				if n, err := r.Parse(in, Limits{}); n != len(in) || err != nil {
					b.Fatal(n, err)
				}
			}
		})
	}
}

func BenchmarkResponse(b *testing.B) {
	in := []byte("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 4\r\n\r\n")
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	var r Response
	for b.Loop() {
		r.Reset()
		if n, err := r.Parse(in, Limits{}); n != len(in) || err != nil {
			b.Fatal(n, err)
		}
	}
}

// Chunks of 16 bytes are nearly all framing, those of 16 KiB nearly all data.
func BenchmarkChunked(b *testing.B) {
	for _, size := range []int{16, 16 << 10} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			var in []byte
			for range 64 {
				in = AppendChunk(in, make([]byte, size))
			}
			in = append(in, LastChunk...)
			dst := make([]byte, len(in))
			b.SetBytes(int64(64 * size))
			b.ReportAllocs()
			var c Chunked
			for b.Loop() {
				c.Reset()
				if _, nsrc, done, err := c.Decode(dst, in); nsrc != len(in) || !done || err != nil {
					b.Fatal(nsrc, done, err)
				}
			}
		})
	}
}

// What eight bytes at a time gain over a table.
func BenchmarkValue(b *testing.B) {
	value := []byte("Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0")
	b.Run("words", func(b *testing.B) {
		for b.Loop() {
			validValue(value)
		}
	})
	b.Run("bytes", func(b *testing.B) {
		for b.Loop() {
			ValidFieldValue(value)
		}
	})
}

// What the hash gains over a search.
func BenchmarkIdentify(b *testing.B) {
	name := []byte("X-Forwarded-For")
	b.Run("hash", func(b *testing.B) {
		for b.Loop() {
			Identify(name)
		}
	})
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			_ = slices.IndexFunc(knownFields[:], func(f knownField) bool { return EqualFold(name, f.name) })
		}
	})
}

// What one known line gains over putting it together.
func BenchmarkStatusLine(b *testing.B) {
	for _, status := range []int{200, 201} {
		b.Run(strconv.Itoa(status), func(b *testing.B) {
			line := make([]byte, 0, 64)
			for b.Loop() {
				AppendStatusLine(line, status)
			}
		})
	}
}
