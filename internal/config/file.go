package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// FileName is the configuration file that an app may have in its folder.
const FileName = "rip.toml"

// keyCommand is a key that has no flag: how a worker is started.
const keyCommand = "command"

// readFile returns the settings in the configuration file.
func (c *Config) readFile() ([]setting, error) {
	file, asked := c.File, c.File != ""
	if !asked {
		file = filepath.Join(c.Dir(), FileName)
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		return nil, nil
	}
	if err != nil {
		return nil, &Problem{Text: fmt.Sprintf("configuration file %q: %v", file, errors.Unwrap(err)), Hint: "--config=FILE names it"}
	}
	c.File = file
	var values map[string]any
	if err := toml.Unmarshal(text, &values); err != nil {
		at := file
		if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, column := bad.Position()
			at = fmt.Sprintf("%s:%d:%d", file, line, column)
		}
		return nil, &Problem{Text: fmt.Sprintf("%s: %v", at, err), Hint: "the file is TOML: name = value, text in quotes", Usage: true}
	}
	var list []setting
	for key, v := range values {
		source := file
		if line := lineOf(string(text), key); line > 0 {
			source = fmt.Sprintf("%s:%d", file, line)
		}
		if key == keyCommand {
			if c.Command, err = command(v, source); err != nil {
				return nil, err
			}
			continue
		}
		o := find(key)
		if o == nil || o.name != key || o.name == "config" {
			return nil, unknownKey(key, source)
		}
		value, ok := plain(v)
		if !ok {
			return nil, &Problem{Text: fmt.Sprintf("%s: %s is a table", source, key), Hint: "for example " + fileForm(o, o.example), Usage: true}
		}
		list = append(list, setting{o, value, source + ": " + key, fileForm})
	}
	// The order of a map is none: the first problem is always the same one.
	slices.SortFunc(list, func(a, b setting) int { return strings.Compare(a.option.name, b.option.name) })
	return list, nil
}

func unknownKey(key, source string) error {
	p := &Problem{Text: fmt.Sprintf("%s: unknown key %q", source, key), Hint: "rip-server help lists all options; keys are the flags without --", Usage: true}
	names := []string{keyCommand}
	for _, o := range options {
		names = append(names, o.name)
	}
	if near := Nearest(key, names); near != "" {
		p.Hint = fmt.Sprintf("did you mean %s?", near)
	}
	return p
}

func command(v any, source string) ([]string, error) {
	list, ok := v.([]any)
	var words []string
	for _, w := range list {
		word, isText := w.(string)
		ok = ok && isText && word != ""
		words = append(words, word)
	}
	if !ok || len(words) == 0 {
		return nil, &Problem{Text: source + ": command is not a list of texts", Hint: `for example command = ["python3", "worker.py"]`, Usage: true}
	}
	return words, nil
}

// plain returns a value of the file as it would be written in a flag.
func plain(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	case []any:
		var words []string
		for _, w := range v {
			word, ok := plain(w)
			if !ok {
				return "", false
			}
			words = append(words, word)
		}
		return strings.Join(words, ","), true
	}
	return "", false
}

// lineOf returns the line of the file that sets a key, 0 when it is not plain
// to see.
func lineOf(text, key string) int {
	n := 0
	for line := range strings.Lines(text) {
		n++
		name, _, found := strings.Cut(line, "=")
		if name = strings.Trim(strings.TrimSpace(name), `"'[]`); name == key && (found || strings.HasPrefix(line, "[")) {
			return n
		}
	}
	return 0
}

func fileForm(o *option, v string) string {
	if _, err := strconv.Atoi(v); err == nil || v == "true" || v == "false" {
		return o.name + " = " + v
	}
	return o.name + " = " + quote(v)
}
