package worker

import (
	"net/http"
	"strings"
	"testing"
)

func sniffCases() []string {
	list := []string{
		"pong", "{", `{"a":1}`, "[1,2]", "tcf", "ttcf", "wOFF", "wOF2", "text", "word",
		"aaaaftypmp4 aaaa", "\x00\x00\x00\x18ftypmp42xxxxmp41yyyy", "aftypaaaaaaa",
		strings.Repeat("a", 34) + "LP", strings.Repeat("a", 33) + "LP", strings.Repeat("a", 34) + "LPLP",
		"a\x00", "a\x1b", "a\x7f", "a\xff", "a\n\r\t", strings.Repeat("a", 511) + "\x00", strings.Repeat("a", 512) + "\x00",
		" <html>", "<html>", "%PDF-", "GIF89a", "\xef\xbb\xbfa",
	}
	for c := range 256 {
		list = append(list, string([]byte{byte(c)}), string([]byte{'a', byte(c)}))
	}
	return list
}

func TestContentType(t *testing.T) {
	obvious := 0
	for _, body := range sniffCases() {
		if obviousText([]byte(body)) {
			obvious++
		}
		if got, want := contentType([]byte(body)), http.DetectContentType([]byte(body)); got != want {
			t.Errorf("%q is %q, want %q", body, got, want)
		}
	}
	if obvious < 200 {
		t.Errorf("only %d are obvious", obvious)
	}
}

func FuzzContentType(f *testing.F) {
	for _, body := range sniffCases() {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) == 0 {
			return
		}
		if got, want := contentType(body), http.DetectContentType(body); got != want {
			t.Errorf("%q is %q, want %q", body, got, want)
		}
	})
}
