package config

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHelp(t *testing.T) {
	help := Help()
	for i := range table {
		o := &table[i]
		for _, part := range []string{o.flag(), o.short()} {
			// A token stands for its flag.
			if part != "" && !strings.Contains(help, "\n  "+part) && (o.token == "" || part == o.short()) {
				t.Errorf("help lacks %s", part)
			}
		}
		if strings.HasSuffix(o.help, ".") || o.help == "" || o.group == "" {
			t.Errorf("%s: help %q in %q", o.name, o.help, o.group)
		}
	}
	for line := range strings.Lines(help) {
		line = strings.TrimSuffix(line, "\n")
		if utf8.RuneCountInString(line) > helpWidth || strings.TrimRight(line, " ") != line {
			t.Errorf("line %q", line)
		}
	}
	for _, part := range []string{
		"\n  w:N|auto                        worker processes",
		"(default module, in production none)",
		"\n  --no-access-log                 write one line per request; --no-access-log turns it off (default",
		"\n  --max-connections-per-address=N\n                                  of those,",
		"\n  command = [WORD, …]  ",
	} {
		if !strings.Contains(help, part) {
			t.Errorf("help lacks %q in\n%s", part, help)
		}
	}
}
