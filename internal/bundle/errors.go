package bundle

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// mostErrors is how many errors are told: later ones mostly follow from them.
const mostErrors = 10

// Error says what is wrong with the code of an app, with file and line.
type Error struct {
	Text string // a paragraph for each error

	// Builtin is a module that is built into Node and is imported, "" = none is.
	Builtin string
}

func (e *Error) Error() string { return e.Text }

func newError(o Options, messages []api.Message) *Error {
	e := &Error{}
	var paragraphs []string
	for _, m := range messages {
		text, builtin := explain(o, m)
		if e.Builtin == "" {
			e.Builtin = builtin
		}
		if !slices.Contains(paragraphs, text) {
			paragraphs = append(paragraphs, text)
		}
	}
	if more := len(paragraphs) - mostErrors; more > 0 {
		paragraphs = append(paragraphs[:mostErrors], fmt.Sprintf("and %d more", more))
	}
	e.Text = strings.Join(paragraphs, "\n")
	return e
}

// explain says what is wrong as a person would, and which module that only Node
// has is imported.
func explain(o Options, m api.Message) (text, builtin string) {
	if m.Location != nil && m.Location.File == startName {
		return explainStart(o, m.Text), ""
	}
	what, hint := m.Text, ""
	for _, note := range m.Notes {
		if note.Location == nil && note.Text != "" {
			hint = firstSentence(note.Text)
			break
		}
	}
	if found := unresolved.FindStringSubmatch(m.Text); found != nil {
		what, hint = explainImport(o, found[1])
		if IsNodeBuiltin(found[1]) {
			builtin = found[1]
		}
	}
	if m.Location == nil {
		return what, builtin
	}
	l := m.Location
	text = fmt.Sprintf("%s:%d:%d: %s\n    %s", l.File, l.Line, l.Column+1, what, strings.TrimSpace(l.LineText))
	if hint != "" {
		text += "\n  hint: " + hint
	}
	return text, builtin
}

// explainStart says why the entry cannot be imported.
func explainStart(o Options, text string) string {
	if _, err := os.Stat(filepath.Join(o.Dir, o.Entry)); err != nil {
		return fmt.Sprintf("%s:1: there is no such file any more", o.Entry)
	}
	if !strings.HasPrefix(text, "No matching export") {
		return o.Entry + ": " + text
	}
	return fmt.Sprintf("%s:1: there is no default export\n"+
		"  hint: export a function, or an object with one: export default { fetch(request) { return new Response(\"hello\") } }", o.Entry)
}

func explainImport(o Options, name string) (what, hint string) {
	switch {
	case strings.HasPrefix(name, ".") || filepath.IsAbs(name):
		return fmt.Sprintf("there is no file %q", name), ""
	case IsNodeBuiltin(name):
		return fmt.Sprintf("%q is a module of Node.js, which the embedded engine does not have", name),
			"run the app with Node.js: --kind=node, or kind = \"node\" in rip.toml"
	}
	name = packageName(name)
	command := "npm install " + name
	if wanted(o.Dir, name) {
		command = "npm install"
	}
	return fmt.Sprintf("the package %q is not installed", name), command + ", or what your package manager has for it"
}

// packageName returns the name of the package that an import is from.
func packageName(name string) string {
	parts := strings.Split(name, "/")
	if strings.HasPrefix(name, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

// wanted tells whether package.json lists a package.
func wanted(dir, name string) bool {
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return false
	}
	var p struct{ Dependencies, DevDependencies map[string]any }
	if json.Unmarshal(text, &p) != nil {
		return false
	}
	return p.Dependencies[name] != nil || p.DevDependencies[name] != nil
}

func firstSentence(text string) string {
	sentence, _, _ := strings.Cut(text, ". ")
	return strings.TrimSuffix(sentence, ".")
}

// lineOf returns a line of a file, from 1, "" when there is none.
func lineOf(path string, number int) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if number--; number == 0 {
			return strings.TrimSuffix(line, "\n")
		}
	}
	return ""
}
