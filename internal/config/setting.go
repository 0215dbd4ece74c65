package config

import "errors"

// setting is one option given a value by one source.
type setting struct {
	option *option
	value  value
	source string // as the person wrote it, with the value
}

// value is what was given to an option.
type value struct {
	text string
	list []string // instead of text, from a list in rip.toml
	dir  string   // absolute: what relative paths are relative to

	table map[string]string // instead of text, from a table in rip.toml
}

// mistake is what is wrong with a value, with a better hint than the kind's.
type mistake struct{ text, hint string }

func (m *mistake) Error() string { return m.text }

var (
	errEmpty  = errors.New("the value is empty")
	errList   = errors.New("a single value is wanted, not a list")
	errNumber = errors.New("not a whole number")
)

// single refuses a list where one value is wanted, and nothing where
// something is.
func (v value) single() (string, error) {
	switch {
	case v.list != nil:
		return "", errList
	case v.text == "":
		return "", errEmpty
	}
	return v.text, nil
}

// problem says what is wrong with the value and what to write instead.
func (s setting) problem(err error) *Problem {
	hint := "use " + s.option.kind.allowed
	if near := Nearest(s.value.text, s.option.kind.words); near != "" && s.value.text != near {
		hint = "did you mean " + near + "?"
	}
	if m, ok := errors.AsType[*mistake](err); ok {
		hint = m.hint
	}
	return usage(s.source+": "+err.Error(), hint)
}
