package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// fileName is the configuration file that an app may have in its folder.
const fileName = "rip.toml"

// loadFile reads the file that --config or RIP_CONFIG names, else rip.toml in
// the app's folder if there is one.
func (c *Config) loadFile(said *arguments, env []setting) ([]setting, error) {
	for _, settings := range [][]setting{said.settings, env} {
		for _, s := range settings {
			if s.option.name != "config" {
				continue
			}
			if s.value.text == "" {
				return nil, s.problem(errEmpty)
			}
			path := absolute(s.value.dir, s.value.text)
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, failure(fmt.Sprintf("%s: %v", s.source, reason(err)), "looked for "+show(path))
			}
			return parseFile(text, s.value.text, filepath.Dir(path))
		}
	}
	path := filepath.Join(c.Dir, fileName)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	// A person knows the file by the path that they gave to the app.
	shown := filepath.Join(said.path, fileName)
	if c.Path != c.Dir {
		shown = filepath.Join(filepath.Dir(said.path), fileName)
	}
	if err != nil {
		return nil, failure(fmt.Sprintf("%s: %v", show(shown), reason(err)), "make it readable, or name another one with --config=FILE")
	}
	return parseFile(text, shown, c.Dir)
}

// parseFile reads options from TOML. shown is the file as problems name it,
// dir what its relative paths are relative to.
func parseFile(text []byte, shown, dir string) ([]setting, error) {
	values := map[string]any{}
	if err := toml.Unmarshal(text, &values); err != nil {
		where := show(shown)
		if d, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, _ := d.Position()
			where += ":" + strconv.Itoa(line)
		}
		what := strings.TrimPrefix(err.Error(), "toml: ")
		return nil, usage(where+": "+oneLine(what), `a line is a key and a value: workers = 4, env = "production"`)
	}
	var settings []setting
	for _, k := range keysOf(text) {
		at := fmt.Sprintf("%s:%d", show(shown), k.line)
		o, negated := lookupSwitch(k.path[0])
		if o == nil || o.noKey || len(k.path) > 1 {
			return nil, unknownKey(at, k, values[k.path[0]])
		}
		v, err := fileValue(values[k.path[0]], o.kind.table)
		source := fmt.Sprintf("%s: %s = %s", at, k.path[0], v.shown)
		if err != nil {
			return nil, usage(source+": "+err.Error(), "use "+o.kind.allowed)
		}
		if negated {
			v.text = negate(v.text)
		}
		settings = append(settings, setting{o, value{text: v.text, list: v.list, table: v.table, dir: dir}, source})
	}
	return settings, nil
}

// key is a key in a file.
type key struct {
	path []string // its parts, of which options have one
	line int
}

// keysOf returns the keys of a TOML text in its order. The library tells where
// a key is only when it does not know it, so here it knows none.
func keysOf(text []byte) []key {
	var nothing struct{}
	err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&nothing)
	unknown, ok := errors.AsType[*toml.StrictMissingError](err)
	if !ok {
		return nil
	}
	var keys []key
	for i := range unknown.Errors {
		e := &unknown.Errors[i]
		line, _ := e.Position()
		keys = append(keys, key{path: e.Key(), line: line})
	}
	return keys
}

func unknownKey(at string, k key, v any) *Problem {
	hint := "rip-server help lists the options; each is a key, without the two dashes"
	name := k.path[0]
	o := meant(name)
	if o == nil {
		o = lookupToken(fold(name))
	}
	if o == nil {
		o = lookup(Nearest(name, keyNames()))
	}
	switch _, isTable := v.(map[string]any); {
	case isTable && lookup(name) != nil && lookup(name).kind.table:
		hint = "use " + lookup(name).kind.allowed
	case isTable:
		hint = "there is no such table; each option is a key of its own: workers = 4"
	case lookup(name) != nil:
		hint = "it is a flag and a variable only: " + lookup(name).flag()
	case o != nil:
		hint = "did you mean " + o.name + "?"
	}
	return usage(fmt.Sprintf("%s: unknown key %q", at, strings.Join(k.path, ".")), hint)
}

// fileWord is a value of a file: as text, list or table, and as the file shows it.
type fileWord struct {
	text  string
	list  []string
	table map[string]string
	shown string
}

func fileValue(v any, table bool) (fileWord, error) {
	switch v := v.(type) {
	case string:
		return fileWord{text: v, shown: strconv.Quote(v)}, nil
	case int64, bool:
		text := fmt.Sprint(v)
		return fileWord{text: text, shown: text}, nil
	case float64:
		text := strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.ContainsAny(text, ".NI") {
			text += ".0" // or 4.0 would pass for a whole number
		}
		return fileWord{text: text, shown: text}, nil
	case []any:
		return fileList(v)
	case map[string]any:
		if table {
			return fileTable(v)
		}
		return fileWord{shown: "{…}"}, errors.New("this option is not a table")
	}
	return fileWord{shown: "…"}, errors.New("no option has a value of this kind")
}

func fileList(items []any) (fileWord, error) {
	list, shown := []string{}, []string{}
	for _, item := range items {
		word, err := fileValue(item, false)
		if err != nil || word.list != nil {
			return fileWord{shown: "[…]"}, errors.New("a list holds texts in quotes")
		}
		list, shown = append(list, word.text), append(shown, word.shown)
	}
	return fileWord{list: list, shown: "[" + strings.Join(shown, ", ") + "]"}, nil
}

func fileTable(items map[string]any) (fileWord, error) {
	word := fileWord{table: map[string]string{}, shown: "{…}"}
	for _, key := range slices.Sorted(maps.Keys(items)) {
		text, ok := items[key].(string)
		if !ok {
			return word, fmt.Errorf("%s is not a text in quotes", show(key))
		}
		if text == "" {
			return word, fmt.Errorf("the value of %s is empty", show(key))
		}
		word.table[key] = text
	}
	return word, nil
}

// oneLine quotes what does not print in a text of the TOML library, which may
// hold a piece of the file.
func oneLine(text string) string {
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
