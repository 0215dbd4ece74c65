package config

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// parseArgs sorts the command line into settings and the app path. Tokens and
// flags come in any order.
func parseArgs(args []string) (given []setting, app string, err error) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case strings.HasPrefix(arg, "-") && arg != "-":
			s, used, err := parseFlag(arg, args[i+1:])
			if err != nil {
				return nil, "", err
			}
			i += used
			given = append(given, s)
		case isToken(arg):
			name, value, _ := strings.Cut(arg, ":")
			o := findToken(name)
			if o == nil {
				return nil, "", unknownToken(arg, name)
			}
			given = append(given, setting{o, value, o.token + ":", tokenForm})
		case app != "":
			return nil, "", &Problem{
				Text:  fmt.Sprintf("two app paths: %q and %q", app, arg),
				Hint:  "one server runs one app; options are written w:4, http:5002, --name=NAME",
				Usage: true,
			}
		default:
			app = arg
		}
	}
	return given, app, nil
}

// isToken tells a token from a path: letters and a colon, and no such file.
func isToken(arg string) bool {
	name, _, found := strings.Cut(arg, ":")
	if !found || name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return false
	}
	if findToken(name) != nil {
		return true
	}
	_, err := os.Stat(arg)
	return err != nil
}

func unknownToken(arg, name string) error {
	p := &Problem{Text: fmt.Sprintf("unknown token %q", arg), Hint: "there are w:N (workers), r:N (requests per worker) and http:PORT", Usage: true}
	if near := Nearest(name, []string{"w", "r", "http"}); near != "" {
		p.Hint = fmt.Sprintf("did you mean %s:%s? There are w:N, r:N and http:PORT", near, arg[len(name)+1:])
	}
	return p
}

func parseFlag(arg string, rest []string) (s setting, used int, err error) {
	name, value, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	o := find(name)
	if o == nil || !strings.HasPrefix(arg, "--") {
		return s, 0, unknownFlag(arg, name)
	}
	s = setting{option: o, value: value, source: "--" + name, form: flagForm}
	switch {
	case hasValue:
	case o.value == "":
		s.value = "true"
	case len(rest) > 0 && !strings.HasPrefix(rest[0], "--"):
		s.value = rest[0]
		used = 1
	default:
		return s, 0, &Problem{Text: fmt.Sprintf("--%s has no value", name), Hint: "for example " + flagForm(o, o.example), Usage: true}
	}
	return s, used, nil
}

func unknownFlag(arg, name string) error {
	p := &Problem{Text: fmt.Sprintf("unknown flag %q", arg), Hint: "rip-server help lists all flags", Usage: true}
	var names []string
	for _, o := range options {
		names = append(names, o.name)
		if o.alias != "" {
			names = append(names, o.alias)
		}
	}
	slices.Sort(names)
	if near := Nearest(name, names); near != "" {
		p.Hint = fmt.Sprintf("did you mean --%s?", near)
	}
	return p
}

func flagForm(o *option, v string) string {
	if o.value == "" {
		return "--" + o.name
	}
	return "--" + o.name + "=" + v
}

func tokenForm(o *option, v string) string { return o.token + ":" + v }

func variableForm(o *option, v string) string { return o.variable() + "=" + v }

// environment returns the settings in variables. $PORT counts less than RIP_HTTP.
func environment(environ []string) []setting {
	var list []setting
	if v := lookup(environ, "PORT"); v != "" {
		list = append(list, setting{find("http"), v, "$PORT", func(_ *option, v string) string { return "PORT=" + v }})
	}
	for i := range options {
		o := &options[i]
		if v := lookup(environ, o.variable()); v != "" {
			list = append(list, setting{o, v, "$" + o.variable(), variableForm})
		}
	}
	return list
}

// lookup returns the last value of a variable, as a process sees it.
func lookup(environ []string, name string) string {
	value := ""
	for _, e := range environ {
		if k, v, ok := strings.Cut(e, "="); ok && k == name {
			value = v
		}
	}
	return value
}
