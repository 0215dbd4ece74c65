package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// maxName leaves room for the folder and the suffix in the path of a socket,
// which has about a hundred bytes.
const maxName = 64

func name() kind {
	return of("NAME", "letters, digits, dots, dashes and underscores, and begin with a letter or digit", func(c *Config, text string) error {
		switch good := cleanName(text); {
		case len(text) > maxName:
			return fmt.Errorf("longer than %d characters", maxName)
		case good == "":
			return errors.New("not a name")
		case good != text:
			return &mistake{"not a name", "did you mean " + good + "?"}
		}
		c.Name = text
		return nil
	})
}

// NameOf returns the name that an app at that path has by default.
func NameOf(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	base := filepath.Base(path)
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		base = strings.TrimSuffix(base, filepath.Ext(base))
	}
	if name := cleanName(base); name != "" {
		return name
	}
	return "app"
}

// cleanName returns the name nearest to text, "" when nothing of it is left.
// Names are parts of file names and of log lines.
func cleanName(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("._-", r):
			return r
		}
		return '-'
	}, text)
	text = strings.TrimLeft(text, "._-")
	return text[:min(len(text), maxName)]
}
