package bundle

import (
	"encoding/base64"
	"strings"
	"testing"
)

// Each word of the script has the place that it has in its source.
func TestPositions(t *testing.T) {
	dir := tree(t, map[string]string{
		"index.ts": "interface Gone { a: number }\nimport { here } from './lib/a.ts'\n\nexport default () => {\n  throw here('first')\n}\n",
		"lib/a.ts": "type T = string\n\nexport function here(x: T) { return new Error('second' + x) }\n",
		"b.ts":     "",
	})
	code, sourceMap := Split(build(t, dir, "index.ts").Script)
	if strings.Contains(string(code), "sourceMappingURL") {
		t.Error("the source map is still there")
	}
	positions, err := Read(sourceMap)
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]struct {
		file         string
		line, column int
	}{
		`here("first")`: {"index.ts", 5, 9},
		`"second"`:      {"lib/a.ts", 3, 47},
	} {
		line, column := find(t, string(code), word)
		file, l, c, ok := positions.At(line, column)
		if !ok || file != want.file || l != want.line || c != want.column {
			t.Errorf("%s comes from %s:%d:%d (%t), want %+v", word, file, l, c, ok, want)
		}
	}
	if _, _, _, ok := positions.At(1, 1); ok {
		t.Error("the banner has a source")
	}
	if _, _, _, ok := positions.At(1_000_000, 1); ok {
		t.Error("a line that is not there has a source")
	}
}

// find returns the place of a text, from 1.
func find(t *testing.T, code, text string) (line, column int) {
	t.Helper()
	before, _, found := strings.Cut(code, text)
	if !found {
		t.Fatalf("%s is not in\n%s", text, code)
	}
	return strings.Count(before, "\n") + 1, len(before) - strings.LastIndex(before, "\n")
}

func TestMalformedMap(t *testing.T) {
	for name, text := range map[string]string{
		"not base 64":    "%",
		"not JSON":       "e30=e30=",
		"no such source": encode(`{"mappings": "AAAA"}`),
		"not a digit":    encode(`{"mappings": "!"}`),
		"without an end": encode(`{"mappings": "g"}`),
	} {
		if _, err := Read([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func encode(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
