package http1

import (
	"strings"
	"testing"
)

func TestValidFieldName(t *testing.T) {
	for c := range 256 {
		name := string([]byte{'X', byte(c)})
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		want := letter || c != 0 && strings.IndexByte("!#$%&'*+-.^_`|~", byte(c)) >= 0
		if ValidFieldName(name) != want || ValidFieldName([]byte(name)) != want {
			t.Errorf("ValidFieldName(%q) is not %v", name, want)
		}
	}
	if ValidFieldName("") {
		t.Error("the empty string is a name")
	}
}

// Every byte at every place of a word and beside it.
func TestValidFieldValue(t *testing.T) {
	for c := range 256 {
		want := c == '\t' || c >= ' ' && c != 0x7f
		for length := 1; length <= 25; length++ {
			for at := range length {
				value := []byte(strings.Repeat("\xffa \t"[at%4:at%4+1], length))
				value[at] = byte(c)
				if validValue(value) != want || ValidFieldValue(value) != want {
					t.Fatalf("%q: valid is not %v", value, want)
				}
			}
		}
	}
	if !ValidFieldValue("") || !validValue(nil) {
		t.Error("the empty value is refused")
	}
}

func TestEqualFold(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"", "", true}, {"a", "A", true}, {"Chunked", "cHUNKED", true}, {"a-b_c0", "A-B_C0", true},
		{"a", "", false}, {"a", "b", false}, {"a", "aa", false}, {"@", "`", false}, {"[", "{", false},
		{"-", "\r", false}, {"k", "\u212a", false}, {"s", "\u017f", false}, {"\xe9", "\xc9", false},
	} {
		if EqualFold(tt.a, tt.b) != tt.want || EqualFold([]byte(tt.b), tt.a) != tt.want {
			t.Errorf("EqualFold(%q, %q) is not %v", tt.a, tt.b, tt.want)
		}
	}
}
