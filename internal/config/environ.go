package config

import (
	"fmt"
	"slices"
	"strings"
)

// variables is the environment. A variable that is empty counts as not set,
// as shells and container tools leave them behind.
type variables map[string]string

func makeVariables(environ []string) variables {
	v := variables{}
	for _, entry := range environ {
		if name, text, ok := strings.Cut(entry, "="); ok && text != "" {
			v[name] = text
		}
	}
	return v
}

const (
	runVariable   = "RIP_RUN_DIR"
	cacheVariable = "RIP_CACHE_DIR"
)

// others are variables of ours that are no options. Workers have most of them,
// and so has a server that is started by a worker.
var others = []string{
	runVariable, cacheVariable, "RIP_SENDFILE",
	"RIP_PROTOCOL", "RIP_APP", "RIP_APP_DIR", "RIP_WORKER", "RIP_LEAVE", "RIP_SLOTS",
}

// settings returns the options that the environment sets, in the order of
// their names. Relative paths are relative to dir.
func (v variables) settings(dir string) ([]setting, error) {
	var settings []setting
	for _, name := range v.names() {
		text := v[name]
		source := show(name + "=" + text)
		word := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, "RIP_")), "_", "-")
		o, negated := lookupSwitch(word)
		if o != nil && o.noFlag {
			return nil, usage(source+": not a variable", fmt.Sprintf("%s is a key in rip.toml; use %s", o.name, o.kind.allowed))
		}
		if o == nil || strings.ToUpper(name) != name {
			if near := misspelt(name); near != "" {
				return nil, usage("unknown variable "+source, "did you mean "+near+"?")
			}
			continue
		}
		if negated {
			text = negate(text)
		}
		settings = append(settings, setting{o, value{text: text, dir: dir}, source})
	}
	return settings, nil
}

func (v variables) names() []string {
	var names []string
	for name := range v {
		if strings.HasPrefix(name, "RIP_") && !strings.HasPrefix(name, "RIP_TEST_") && !slices.Contains(others, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// misspelt returns the variable of ours that name almost is. Others that begin
// with RIP_ may be the app's own, so this is stricter than Nearest.
func misspelt(name string) string {
	ours := []string{runVariable, cacheVariable}
	for i := range table {
		if v := table[i].variable(); v != "" {
			ours = append(ours, v)
		}
	}
	for _, v := range ours {
		if distance(strings.ToUpper(name), v) <= max(1, (len(v)-len("RIP_"))/4) {
			return v
		}
	}
	return ""
}
