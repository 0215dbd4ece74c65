package config

import (
	"fmt"
	"strings"
)

// helpWidth is how wide a line of help may be.
const helpWidth = 100

// Help returns the options as help shows them.
func Help() string {
	var b strings.Builder
	group := ""
	for i := range options {
		o := &options[i]
		if o.group != group {
			group = o.group
			fmt.Fprintf(&b, "\n%s:\n", group)
		}
		name := "--" + o.name
		if o.value != "" {
			name += "=" + o.value
		}
		if o.token != "" {
			name = o.token + ":" + o.value
		}
		text := o.help
		if o.initial != "" {
			text += " (default " + o.initial + ")"
		}
		const column = 34
		lead := "  " + name
		if len([]rune(lead)) >= column {
			b.WriteString(lead + "\n")
			lead = ""
		}
		for _, line := range wrap(text, helpWidth-column) {
			fmt.Fprintf(&b, "%-*s%s\n", column, lead, line)
			lead = ""
		}
	}
	return b.String()
}

func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
