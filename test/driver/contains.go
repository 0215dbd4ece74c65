package driver

import (
	"strings"
	"testing"
)

// Contains fails the test unless all parts are in what has that text.
func Contains(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s has no %q in it:\n%s", what, part, text)
		}
	}
}
