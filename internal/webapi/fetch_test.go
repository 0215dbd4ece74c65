package webapi

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// echo is what the server tells about a request.
type echo struct {
	Method string      `json:"method"`
	Target string      `json:"target"`
	Header http.Header `json:"header"`
	Body   string      `json:"body"`
	Length int64       `json:"length"`
}

func answerEcho(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	header := http.Header{}
	for name, values := range r.Header {
		for _, value := range values {
			header.Add(name, latin1String([]byte(value)))
		}
	}
	_ = json.NewEncoder(w).Encode(echo{r.Method, r.RequestURI, header, string(body), r.ContentLength})
}

func answerCoded(w http.ResponseWriter, coding string) {
	var b bytes.Buffer
	var to io.WriteCloser
	switch coding {
	case "gzip":
		to = gzip.NewWriter(&b)
	case "deflate":
		to = zlib.NewWriter(&b)
	case "bare":
		to, _ = flate.NewWriter(&b, flate.BestSpeed)
		coding = "deflate"
	default:
		coding = "gzip"
		b.WriteString("this is no gzip")
	}
	if to != nil {
		_, _ = io.WriteString(to, strings.Repeat("decoded ", 1000))
		_ = to.Close()
	}
	w.Header().Set("Content-Encoding", coding)
	_, _ = w.Write(b.Bytes())
}

// newUpstream starts a server for fetch.js. Its /chunks sends the next chunk
// when somebody asks for /next.
func newUpstream(t *testing.T) *httptest.Server {
	next := make(chan struct{})
	var other *httptest.Server
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parts := strings.SplitN(strings.TrimPrefix(r.URL.Path, "/"), "/", 3)
		switch parts[0] {
		case "bytes":
			n, _ := strconv.Atoi(parts[1])
			_, _ = w.Write(make([]byte, n))
		case "status":
			status, _ := strconv.Atoi(parts[1])
			w.WriteHeader(status)
			if status != http.StatusNoContent {
				_, _ = io.WriteString(w, parts[1])
			}
		case "cookies":
			w.Header()["Set-Cookie"] = []string{"a=1", "b=2"}
			w.Header().Set("X-Latin", "\xe9")
		case "redirect":
			status, _ := strconv.Atoi(parts[1])
			to := "/" + parts[2]
			if r.URL.RawQuery != "" {
				to += "?" + r.URL.RawQuery
			}
			w.Header().Set("Location", to)
			w.WriteHeader(status)
		case "loop":
			w.Header().Set("Location", "/loop")
			w.WriteHeader(http.StatusFound)
		case "away":
			w.Header().Set("Location", other.URL+"/echo")
			w.WriteHeader(http.StatusFound)
		case "coded":
			answerCoded(w, parts[1])
		case "chunks":
			for _, chunk := range []string{"first", "second"} {
				_, _ = io.WriteString(w, chunk)
				_ = http.NewResponseController(w).Flush()
				select {
				case <-next:
				case <-r.Context().Done():
					return
				}
			}
		case "next":
			next <- struct{}{}
		case "hang":
			<-r.Context().Done()
		case "short":
			w.Header().Set("Content-Length", "10")
			_, _ = io.WriteString(w, "short")
		default:
			answerEcho(w, r)
		}
	})
	other = httptest.NewServer(answer)
	t.Cleanup(other.Close)
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server
}

func TestFetchScript(t *testing.T) {
	server := newUpstream(t)
	closed := httptest.NewServer(nil)
	closed.Close()
	runScript(t, "fetch.js", func(s *scripted) {
		_ = s.Global().Set("base", server.URL)
		_ = s.Global().Set("closed", closed.URL)
	})
}

func TestAnExchangeEndsWithItsBody(t *testing.T) {
	server := newUpstream(t)
	s := newScripted(t)
	_ = s.Global().Set("base", server.URL)
	s.eval(t, `let got = ""; fetch(base + "/bytes/200000").then((r) => r.text()).then((text) => { got = "" + text.length })`)
	turnUntil(t, s.loop, func() bool { return s.eval(t, "got") == "200000" })
	if s.loop.Pending() != 0 {
		t.Errorf("%d still under way", s.loop.Pending())
	}
}

func TestSendableURL(t *testing.T) {
	for href, want := range map[string]string{
		"http://h/":                  "/",
		"http://h/a%zz|?b^#c":        "/a%zz|?b^",
		"http://h//a//b?":            "//a//b?",
		"https://u:p@[::1]:8/%C3%A9": "/%C3%A9",
	} {
		u, err := sendableURL(href)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.RequestURI(); got != want {
			t.Errorf("%q is asked for as %q, want %q", href, got, want)
		}
	}
	if u, _ := sendableURL("https://u:p@[::1]:8/"); u.Host != "[::1]:8" {
		t.Errorf("host %q", u.Host)
	}
	if _, err := sendableURL("ftp://h/"); err == nil {
		t.Error("ftp can be fetched")
	}
}

func TestABodyThatIsForgottenFreesItsConnection(t *testing.T) {
	gone := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "first of many")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(gone)
	}))
	t.Cleanup(server.Close)
	s := newScripted(t)
	_ = s.Global().Set("base", server.URL)
	s.eval(t, `let status = 0; fetch(base).then((response) => { status = response.status })`)
	turnUntil(t, s.loop, func() bool { return s.eval(t, "status") == "200" })
	s.Collect()
	s.eval(t, "0")
	turnUntil(t, s.loop, func() bool {
		select {
		case <-gone:
			return true
		default:
			s.eval(t, "setTimeout(() => {}, 1); 0")
			s.Collect()
			return false
		}
	})
}

func TestAClosedLoopEndsItsRequests(t *testing.T) {
	gone := make(chan struct{})
	asked := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
		close(gone)
	}))
	t.Cleanup(server.Close)
	s := newScripted(t)
	_ = s.Global().Set("base", server.URL)
	s.eval(t, `fetch(base).catch(() => {}); 0`)
	<-asked
	s.loop.Close()
	<-gone
}
