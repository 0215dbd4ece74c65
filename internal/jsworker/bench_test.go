package jsworker

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

const pong = `export default { async fetch(request: Request) { return new Response("pong") } }`

// BenchmarkLoad is what a start and a reload cost beside bundling.
func BenchmarkLoad(b *testing.B) {
	s := newApp(b, map[string]string{"index.ts": pong})
	script, err := s.source.prepared()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		a, err := load(script, s.process)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(a.engine.Memory()), "bytes/engine")
		a.close()
	}
}

// blackHole takes a response.
type blackHole struct{ header http.Header }

func (h blackHole) Header() http.Header               { return h.header }
func (h blackHole) WriteHeader(int)                   {}
func (h blackHole) Write(b []byte) (int, error)       { return len(b), nil }
func (h blackHole) WriteString(s string) (int, error) { return len(s), nil }

func BenchmarkRequest(b *testing.B) {
	s := start(b, pong)
	r := httptest.NewRequest("GET", "/ping", nil)
	r.Header = http.Header{"User-Agent": {"benchmark"}, "Accept": {"*/*"}, "X-Forwarded-For": {"127.0.0.1"}}
	b.ReportAllocs()
	for b.Loop() {
		s.ServeHTTP(blackHole{http.Header{}}, r)
		s.after()
	}
}
