package config

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	helpWidth  = 100
	helpColumn = 34 // where the texts begin
)

const helpEnd = `
Each flag is also a variable (--max-queue: RIP_MAX_QUEUE) and a key in rip.toml
(max-queue = 8192) in the app's folder. The nearest one counts: the command line,
then the environment, then the file. docs/configuration.md says more.
`

// Help returns the options as help shows them.
func Help() string {
	var b strings.Builder
	group := ""
	for i := range table {
		o := &table[i]
		if o.group != group {
			group = o.group
			fmt.Fprintf(&b, "\n%s:\n", group)
		}
		lead := "  " + o.lead()
		if utf8.RuneCountInString(lead)+2 > helpColumn {
			b.WriteString(lead + "\n")
			lead = ""
		}
		for _, line := range wrap(o.help+" (default "+o.describeDefault()+")", helpWidth-helpColumn) {
			fmt.Fprintf(&b, "%-*s%s\n", helpColumn, lead, line)
			lead = ""
		}
	}
	b.WriteString(helpEnd)
	return b.String()
}

// lead is the shortest way to write the option.
func (o *option) lead() string {
	switch {
	case o.token != "":
		return o.short()
	case o.noFlag:
		return o.name + " = " + o.kind.form
	}
	return o.flag()
}

func (o *option) describeDefault() string {
	text := o.initial
	if o.isSwitch() {
		text = "off"
		if o.initial == "true" {
			text = "on"
		}
	}
	if o.production != "" {
		text += ", in production " + o.production
	}
	return text
}

func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
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
