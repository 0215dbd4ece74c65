package http1

import "testing"

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
