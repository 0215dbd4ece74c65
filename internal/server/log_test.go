package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestLoggerForPeople(t *testing.T) {
	var b bytes.Buffer
	log := newLogger(&b, "hello", false)
	log.With("worker", 3).Warn("worker crashed", "how", "exit status 2", "took", time.Second)
	_, text, _ := strings.Cut(b.String(), "] ")
	if want := "hello: warn: worker crashed  worker=3  how=\"exit status 2\"  took=1s\n"; text != want {
		t.Errorf("got  %q\nwant %q", text, want)
	}
	b.Reset()
	log.Error("restart failed", "error", errors.New("go build failed:\n./main.go:3:1: oops"), "generation", 2)
	_, text, _ = strings.Cut(b.String(), "] ")
	if want := "hello: error: restart failed  generation=2\n    go build failed:\n    ./main.go:3:1: oops\n"; text != want {
		t.Errorf("got  %q\nwant %q", text, want)
	}
}

func TestLoggerJSON(t *testing.T) {
	var b bytes.Buffer
	newLogger(&b, "hello", true).Info("worker ready", "worker", 3, "took", 250*time.Millisecond)
	var line map[string]any
	if err := json.Unmarshal(b.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line["event"] != "worker ready" || line["app"] != "hello" || line["worker"] != 3.0 || line["tookSeconds"] != 0.25 || line["t"] == nil {
		t.Errorf("got %v", line)
	}
}

func TestOutputLine(t *testing.T) {
	line := string(outputLine("hello", false, 2, "abc", []byte("printed")))
	if _, text, _ := strings.Cut(line, "] "); text != "hello worker 2 abc | printed\n" {
		t.Errorf("got %q", text)
	}
	var j map[string]any
	if err := json.Unmarshal(outputLine("hello", true, 2, "", []byte("a \xff \"b\"")), &j); err != nil {
		t.Fatal(err)
	}
	if j["output"] != "a \ufffd \"b\"" || j["worker"] != 2.0 {
		t.Errorf("got %v", j)
	}
}
