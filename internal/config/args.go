package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// arguments is what the command line says.
type arguments struct {
	path     string // of the app, as given
	settings []setting
	dir      string // the working folder
}

// parseArgs sorts app path, tokens and flags, which come in any order.
func parseArgs(args []string) (*arguments, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, failure(fmt.Sprintf("the working folder cannot be found: %v", err), "change to a folder that exists")
	}
	a := &arguments{dir: dir}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case arg == "--":
			for _, path := range args {
				if err := a.positional(path); err != nil {
					return nil, err
				}
			}
			args = nil
		case strings.HasPrefix(arg, "-") && arg != "-":
			var used int
			used, err = a.flag(arg, args)
			args = args[used:]
		case a.isToken(arg):
			err = a.token(arg)
		default:
			err = a.positional(arg)
		}
		if err != nil {
			return nil, err
		}
	}
	if a.path == "" {
		return nil, usage("no app path was given", "name the app's folder: rip-server examples/hello")
	}
	return a, nil
}

// flag takes one flag, and the argument after it when that is its value.
func (a *arguments) flag(arg string, rest []string) (used int, err error) {
	word, text, hasValue := strings.Cut(arg, "=")
	name, ok := strings.CutPrefix(word, "--")
	o, negated := lookupSwitch(name)
	if !ok || o == nil || o.noFlag {
		return 0, unknownFlag(arg)
	}
	source := show(arg)
	switch {
	case o.isSwitch():
		if !hasValue {
			text = "true"
		}
		if negated {
			text = negate(text)
		}
	case !hasValue:
		if len(rest) == 0 || strings.HasPrefix(rest[0], "--") {
			return 0, usage(word+" needs a value", "write "+o.flag())
		}
		text, used = rest[0], 1
		source = word + " " + show(text)
	}
	a.settings = append(a.settings, setting{o, value{text: text, dir: a.dir}, source})
	return used, nil
}

func unknownFlag(arg string) *Problem {
	word, text, _ := strings.Cut(arg, "=")
	name := strings.TrimLeft(word, "-")
	if o := lookup(name); o != nil && o.noFlag {
		return usage(fmt.Sprintf("%q is not a flag", arg), fmt.Sprintf("%s is a key in rip.toml; use %s", name, o.kind.allowed))
	}
	hint := "rip-server help lists the flags"
	if guess := suggest(name, text, true); guess != "" {
		hint = guess
	}
	return usage(fmt.Sprintf("unknown flag %q", arg), hint)
}

// isToken tells w:4 from a path: a path with a colon in it exists, or begins
// with ./ or the like.
func (a *arguments) isToken(arg string) bool {
	word, _, ok := strings.Cut(arg, ":")
	if !ok || word == "" || strings.ContainsAny(word, "/.=~") {
		return false
	}
	return lookupToken(word) != nil || !a.exists(arg)
}

func (a *arguments) token(arg string) error {
	word, text, _ := strings.Cut(arg, ":")
	if o := lookupToken(word); o != nil {
		a.settings = append(a.settings, setting{o, value{text: text, dir: a.dir}, show(arg)})
		return nil
	}
	hint := "the tokens are w:N, r:N and http:PORT"
	if guess := suggest(word, text, false); guess != "" {
		hint = guess
	}
	return usage(fmt.Sprintf("unknown token %q", arg), hint)
}

// positional takes the app path, and finds out what else was meant.
func (a *arguments) positional(arg string) error {
	if arg == "" {
		return usage(`unexpected argument ""`, "leave it out, or name the app's folder")
	}
	word, text, assigned := strings.Cut(arg, "=")
	if assigned && !a.exists(arg) {
		if guess := suggest(word, text, false); guess != "" {
			return usage(fmt.Sprintf("unknown token %q", arg), guess)
		}
	}
	if a.path == "" {
		a.path = arg
		return nil
	}
	hint := "one server runs one app; options are written w:4, http:5002, --name=NAME"
	// A path may well look like a short token.
	if o, _ := lookupSwitch(word); o != nil && !assigned {
		hint = suggest(word, "", false)
	}
	return usage(fmt.Sprintf("two app paths: %q and %q", a.path, arg), hint)
}

func (a *arguments) exists(path string) bool {
	if !filepath.IsAbs(path) {
		path = filepath.Join(a.dir, path)
	}
	_, err := os.Lstat(path)
	return err == nil
}
