package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// static reads the table of the folders whose files the entry serves by itself.
func static() kind {
	return kind{
		form:    "{PREFIX = FOLDER, …}",
		allowed: `a table: [static] and in the next line "/assets" = "public/assets"`,
		table:   true,
		set: func(c *Config, v value) error {
			if v.table == nil {
				return errors.New("not a table")
			}
			c.Static = map[string]string{}
			for _, given := range slices.Sorted(maps.Keys(v.table)) {
				prefix, err := parsePrefix(given)
				if err != nil {
					return err
				}
				if _, ok := c.Static[prefix]; ok {
					return &mistake{show(given) + " is there with and without the slash", "leave one of them out"}
				}
				folder := absolute(v.dir, v.table[given])
				if info, err := os.Stat(folder); err != nil || !info.IsDir() {
					return &mistake{fmt.Sprintf("%s of %s is not a folder", show(v.table[given]), show(given)), "looked for " + show(folder)}
				}
				c.Static[prefix] = folder
			}
			return nil
		},
	}
}

// parsePrefix reads the path that requests for files begin with, and takes the
// slash at its end off. It is compared with decoded paths.
func parsePrefix(text string) (string, error) {
	odd := func(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune("?#\\", r) }
	switch {
	case !strings.HasPrefix(text, "/"):
		return "", &mistake{show(text) + " does not begin with /", "write " + show("/"+strings.TrimLeft(text, "./"))}
	case strings.ContainsFunc(text, odd):
		return "", fmt.Errorf(`%s has a ?, a #, a \ or a control character in it`, show(text))
	case strings.Contains(text, "%"):
		return "", &mistake{show(text) + " has a % in it", "write what the encoding stands for: /my files, not /my%20files"}
	case text == "/":
		return text, nil
	}
	text = strings.TrimSuffix(text, "/")
	for segment := range strings.SplitSeq(text[1:], "/") {
		if segment == "" || segment == "." || segment == ".." {
			return "", fmt.Errorf("%s has an empty part, a . or a .. in it", show(text))
		}
	}
	return text, nil
}
