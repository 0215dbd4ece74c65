package http1

import (
	"strings"
	"testing"
)

func TestIdentify(t *testing.T) {
	for id := FieldOther + 1; id < fieldCount; id++ {
		name := id.String()
		if name == "" {
			t.Fatalf("field %d has no name", id)
		}
		for _, spelling := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			if got := Identify([]byte(spelling)); got != id {
				t.Errorf("Identify(%q) = %q, want %q", spelling, got, id)
			}
		}
		// Its neighbours share the hash, most of them, and are other names.
		for _, other := range []string{name + "x", name[:len(name)-1], name[:len(name)-1] + "!", strings.Replace(name, "-", "_", 1) + "!"} {
			if got := Identify(other); got != FieldOther {
				t.Errorf("Identify(%q) = %q", other, got)
			}
		}
	}
	for _, other := range []string{"", "X", "Accept", "Hos", "Hosts", "X-Host", "Content_Length", "h\u017fst", "X-Forwarded-By"} {
		if got := Identify(other); got != FieldOther {
			t.Errorf("Identify(%q) = %q", other, got)
		}
	}
}
