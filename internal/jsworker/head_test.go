package jsworker

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestHead(t *testing.T) {
	r := &http.Request{Host: "example.org", Header: http.Header{"A": {"1", "2\xff"}}}
	if got := headOf(r); got != "host: example.org\r\nA: 1\r\nA: 2\u00ff\r\n" {
		t.Errorf("got %q", got)
	}
	h := http.Header{}
	if err := setFields(h, "a: 1\r\na: 2\u00ff\r\ncontent-length: 7\r\nempty: \r\n", true); err != nil {
		t.Fatal(err)
	}
	want := http.Header{"A": {"1", "2\xff"}, "Content-Length": {"7"}, "Empty": {""}, "Content-Type": nil}
	if !reflect.DeepEqual(h, want) {
		t.Errorf("got %q, want %q", h, want)
	}
	if err := setFields(h, "nonsense\r\n", true); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("error %v", err)
	}
}
