package config

import (
	"errors"
	"strings"
)

// urlPath reads an option that is a path of requests. Off turns it off.
func urlPath(field func(*Config) *string) kind {
	k := of("PATH|off", "a path that begins with /, or off", func(c *Config, text string) error {
		odd := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("?#\"\\", r) }
		switch {
		case text == "off":
			text = ""
		case text[0] != '/':
			return errors.New("a path begins with /")
		case strings.ContainsFunc(text, odd):
			return errors.New("a path has no spaces, quotes, ? or #, and nothing beyond ASCII")
		}
		*field(c) = text
		return nil
	})
	k.words = []string{"off"}
	return k
}
