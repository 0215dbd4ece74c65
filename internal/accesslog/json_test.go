package accesslog

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func asJSON(r Record, app string) []byte {
	var c clock
	return appendJSON(nil, c.stamp(r.Time, 'T'), app, &r)
}

func TestJSON(t *testing.T) {
	want := `{"t":"2026-11-24T03:00:00.123+00:00","app":"hello","method":"GET","path":"/ping","status":200,` +
		`"totalSeconds":0.001200,"workerSeconds":0.000900,"type":"text/plain","length":4,"id":"7f3a","worker":3,` +
		`"queueSeconds":0.000040,"cpuSeconds":0.000055,"bytesIn":0,"client":"127.0.0.1"}` + "\n"
	if got := string(asJSON(ping(), "hello")); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	r := ping()
	r.Reason = `died: "signal 9"`
	if got := string(asJSON(r, "hello")); !strings.HasSuffix(got, `,"client":"127.0.0.1","reason":"died: \"signal 9\""}`+"\n") {
		t.Errorf("got %s", got)
	}
}

// checkLine holds what both formats promise for any text: one line, within the
// bound that was reserved for it, nothing that moves a terminal's cursor, and
// valid JSON that gives the text back.
func checkLine(t *testing.T, method, path, media, id, client, reason string) {
	r := ping()
	r.Method, r.Path, r.Type, r.ID, r.Client, r.Reason = method, path, media, id, client, reason
	bound := (&Log{app: path}).bound(&r)
	for format, line := range map[Format][]byte{Human: []byte(human(r)), JSON: asJSON(r, path)} {
		if len(line) > bound {
			t.Errorf("%v: %d bytes where %d were reserved", format, len(line), bound)
		}
		if bytes.IndexByte(line, '\n') != len(line)-1 || !utf8.Valid(line) {
			t.Errorf("%v: not one line of UTF-8: %q", format, line)
		}
		if i := bytes.IndexFunc(line[:len(line)-1], func(c rune) bool { return c < ' ' || c >= 0x7f && c < 0xa0 }); i >= 0 {
			t.Errorf("%v: a control character at %d: %q", format, i, line)
		}
	}
	var back struct{ Method, Path, Type, ID, Client, Reason string }
	if err := json.Unmarshal(asJSON(r, path), &back); err != nil {
		t.Fatal(err)
	}
	if utf8.ValidString(path) && len(path) <= maxText && back.Path != path {
		t.Errorf("path %q came back as %q", path, back.Path)
	}
}

func TestLongTextIsCut(t *testing.T) {
	checkLine(t, "", strings.Repeat("\xff", 3*maxText), strings.Repeat("€", maxText), "", "", strings.Repeat(" \n", maxText))
	r := ping()
	r.Path = strings.Repeat("x", maxText+1)
	if got := human(r); !strings.Contains(got, r.Path[1:]+"… → 200") {
		t.Errorf("got %s", got)
	}
}

func FuzzLine(f *testing.F) {
	f.Add("GET", "/ping", "text/plain", "id", "127.0.0.1", "")
	f.Add("G\x00T", "/\n\r\x1b\x7f\u0085\u2028\u202e\U000e0001\"\\", "a/b\xff", "\xed\xa0\x80", "::1", "why (so) ")
	f.Fuzz(checkLine)
}
