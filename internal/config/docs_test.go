package config

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// docs/configuration.md says of each option what the table says, in one row of
// a table. Who changes an option copies the row from the failure of this test.
func TestDocumentation(t *testing.T) {
	b, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	rows := map[string]bool{}
	for i := range table {
		o := &table[i]
		rows[row(o)] = true
		if !strings.Contains(text, "\n"+row(o)+"\n") {
			t.Errorf("docs/configuration.md lacks the row\n%s", row(o))
		}
		if !strings.Contains(text, "\n### "+o.group+"\n") {
			t.Errorf("docs/configuration.md lacks the heading %q", o.group)
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "| `") && strings.Count(line, " | ") == 4 && !rows[line] {
			t.Errorf("docs/configuration.md has a row of no option\n%s", line)
		}
	}
}

// row is how the document describes an option: ways to write it on the command
// line, variable, key, default, meaning.
func row(o *option) string {
	code := func(text string) string {
		if text == "" {
			return "–"
		}
		return "`" + strings.ReplaceAll(text, "|", `\|`) + "`"
	}
	written := code(o.flag())
	if o.token != "" {
		written = code(o.short()) + " or " + written
	}
	if o.alias != "" {
		written += " or " + code("--"+o.alias)
	}
	key := o.name
	if o.noKey {
		key = ""
	}
	initial := o.initial
	if !o.derived {
		initial = code(initial)
	}
	if o.name == "socket" {
		initial = "`seqpacket` on Linux, else `stream`"
	}
	if o.production != "" {
		initial += ", in production " + code(o.production)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |", written, code(o.variable()), code(key), initial, strings.ReplaceAll(o.help, "|", `\|`))
}

// The example of a rip.toml in the document is one.
func TestDocumentedFile(t *testing.T) {
	b, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "\n```toml\n")
	example, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("docs/configuration.md has no example")
	}
	app(t, example)
	write(t, "app/files/x", "")
	write(t, "app/public/assets/x", "")
	c := load(t, "app")
	for _, option := range []string{"http", "workers", "env", "trusted-proxies", "sendfile-roots", "command", "max-body", "static"} {
		if c.Source(option) == "" {
			t.Errorf("the example does not set %s", option)
		}
	}
}
