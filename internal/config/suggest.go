package config

import "strings"

// suggest finds the option that somebody meant with a word that is none, and
// writes it as a hint with the value that came with it. It returns "" when
// nothing is near. asFlag prefers the flag where there is a token too.
func suggest(word, text string, asFlag bool) string {
	if o := meant(word); o != nil {
		return "did you mean " + o.spell(o.name, text, asFlag) + "?"
	}
	if o := lookupToken(fold(word)); o != nil {
		return "did you mean " + o.spell(o.name, text, false) + "?"
	}
	near := Nearest(word, flagNames())
	if near == "" {
		if o := lookupToken(Nearest(word, tokens())); o != nil {
			return "did you mean " + o.spell(o.name, text, false) + "?"
		}
		return ""
	}
	o, _ := lookupSwitch(near)
	return "did you mean " + o.spell(near, text, asFlag) + "?"
}

// meant finds an option by the name that other programs have for it.
func meant(word string) *option {
	for i := range table {
		for name := range strings.FieldsSeq(table[i].mistaken) {
			if name == fold(word) {
				return &table[i]
			}
		}
	}
	return nil
}

// spell writes the option with a value, or with what stands for it. name is
// its own, or another one that its flag has.
func (o *option) spell(name, text string, asFlag bool) string {
	if text == "" {
		text = o.kind.form
	} else {
		text = show(text)
	}
	switch {
	case o.token != "" && !asFlag:
		return o.token + ":" + text
	case o.isSwitch():
		return "--" + name
	}
	return "--" + name + "=" + text
}

func flagNames() []string {
	var names []string
	for i := range table {
		o := &table[i]
		if o.noFlag {
			continue
		}
		names = append(names, o.name)
		if o.alias != "" {
			names = append(names, o.alias)
		}
		if o.isSwitch() {
			names = append(names, "no-"+o.name)
		}
	}
	return names
}

func keyNames() []string {
	var names []string
	for i := range table {
		if o := &table[i]; !o.noKey {
			names = append(names, o.name)
		}
	}
	return names
}

func tokens() []string {
	var names []string
	for i := range table {
		if o := &table[i]; o.token != "" {
			names = append(names, o.token)
		}
	}
	return names
}
