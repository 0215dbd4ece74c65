package config

import "strings"

// option is one line of the table: everything there is to say of an option.
type option struct {
	name       string // "max-queue": the flag --max-queue and the key in rip.toml
	token      string // "w": may be written w:VALUE
	alias      string // a second name
	mistaken   string // names that other programs have for it, for hints
	group      string // heading in the help
	initial    string // default, as it would be given; parsed like any other value
	production string // the default in production when it is another one
	help       string // what it does, without full stop

	derived  bool // initial describes in words what Load makes of other things
	noFlag   bool // a key in rip.toml and nothing else
	noKey    bool // not a key in rip.toml
	negative bool // on by default: the flag worth showing is --no-NAME
	kind     kind
}

// lookup returns the option of that name or alias, nil when there is none.
func lookup(name string) *option {
	for i := range table {
		if o := &table[i]; name == o.name || name == o.alias && name != "" {
			return o
		}
	}
	return nil
}

// lookupSwitch finds an option by name; one that is on or off may have "no-"
// in front.
func lookupSwitch(name string) (o *option, negated bool) {
	if o := lookup(name); o != nil {
		return o, false
	}
	if rest, ok := strings.CutPrefix(name, "no-"); ok {
		if o := lookup(rest); o != nil && o.isSwitch() {
			return o, true
		}
	}
	return nil, false
}

func lookupToken(token string) *option {
	for i := range table {
		if o := &table[i]; o.token == token && token != "" {
			return o
		}
	}
	return nil
}

// isSwitch tells an option that is on or off, whose flag needs no value.
func (o *option) isSwitch() bool { return o.kind.form == "" }

// flag returns how the option is written as a flag, "" when it is none.
func (o *option) flag() string {
	switch {
	case o.noFlag:
		return ""
	case o.negative:
		return "--no-" + o.name
	case o.isSwitch():
		return "--" + o.name
	}
	return "--" + o.name + "=" + o.kind.form
}

// short returns how the option is written as a token, "" when it is none.
func (o *option) short() string {
	if o.token == "" {
		return ""
	}
	return o.token + ":" + o.kind.form
}

// variable returns the name of its environment variable, "" when it has none.
func (o *option) variable() string {
	if o.noFlag {
		return ""
	}
	return "RIP_" + strings.ToUpper(strings.ReplaceAll(o.name, "-", "_"))
}
