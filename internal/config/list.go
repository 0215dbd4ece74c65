package config

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// listOf makes a kind of one that reads each item of a list, which outside
// rip.toml is written with commas. The word off is the empty list.
func listOf[T any](form, allowed string, field func(*Config) *[]T, parse func(item, dir string) (T, error)) kind {
	return kind{form: form, allowed: allowed, words: []string{"off"}, set: func(c *Config, v value) error {
		items := v.list
		switch {
		case items != nil || v.text == "off":
		case v.text == "":
			return errEmpty
		default:
			items = strings.Split(v.text, ",")
		}
		var list []T
		for _, item := range items {
			if item = strings.TrimSpace(item); item == "" {
				return errors.New("an item is empty")
			}
			parsed, err := parse(item, v.dir)
			if err != nil {
				return err
			}
			list = append(list, parsed)
		}
		*field(c) = list
		return nil
	}}
}

func networks(field func(*Config) *[]netip.Prefix) kind {
	return listOf("NETWORK,…", "addresses or networks with commas between, or off: 127.0.0.1,10.0.0.0/8,fd00::/8", field,
		func(item, _ string) (netip.Prefix, error) { return parseNetwork(item) })
}

func parseNetwork(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() {
		return p, fmt.Errorf("%s is neither an address nor a network", show(text))
	}
	if p != p.Masked() {
		return p, &mistake{fmt.Sprintf("%s has bits beyond its /%d", p, p.Bits()), fmt.Sprintf("write %s, or %s for the one address", p.Masked(), p.Addr())}
	}
	return p, nil
}

// sendable reads folders whose files an app may hand over. Workers are told of
// them with colons between, as in PATH.
func sendable(field func(*Config) *[]string) kind {
	return listOf("FOLDER,…", "folders with commas between, or off", field, func(item, dir string) (string, error) {
		path := absolute(dir, item)
		if strings.Contains(path, ":") {
			return "", &mistake{fmt.Sprintf("%s has a colon in its path, which separates folders for workers", show(path)),
				"give a symbolic link to it whose path has none"}
		}
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			return "", &mistake{fmt.Sprintf("%s is not a folder", show(item)), "looked for " + show(path)}
		}
		return path, nil
	})
}

// folder reads the path of a folder, which need not exist.
func folder(field func(*Config) *string) kind {
	k := kind{form: "FOLDER", allowed: "a folder"}
	k.set = func(c *Config, v value) error {
		text, err := v.single()
		*field(c) = absolute(v.dir, text)
		return err
	}
	return k
}

// command reads the words that start a worker.
func command() kind {
	return kind{
		form:    "[WORD, …]",
		allowed: `a list of words: command = ["python3", "worker.py"]`,
		set: func(c *Config, v value) error {
			switch {
			case v.list == nil:
				return errors.New("not a list of words")
			case len(v.list) == 0 || v.list[0] == "":
				return errors.New("there is no program in it")
			case slices.ContainsFunc(v.list, func(w string) bool { return strings.ContainsRune(w, 0) }):
				return errors.New("a word has a zero byte in it")
			}
			c.Command = v.list
			return nil
		},
	}
}

// program reads the path of a program, or its name in PATH.
func program(field func(*Config) *string) kind {
	return kind{form: "PROGRAM", allowed: "a path, or a name in PATH", set: func(c *Config, v value) error {
		text, err := v.single()
		if err != nil {
			return err
		}
		if strings.ContainsRune(text, filepath.Separator) {
			text = absolute(v.dir, text)
		}
		*field(c) = text
		return nil
	}}
}

func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}
