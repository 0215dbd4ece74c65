package config

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"unicode"
)

// Problem is something that a person can put right. Both texts are one line
// without full stop.
type Problem struct {
	Text  string // names the source (argument, variable, file and line) and the value
	Hint  string // what to do about it, so that it can be pasted where possible
	Usage bool   // the command or the configuration is wrong (exit status 2), not what it met (1)
}

func (p *Problem) Error() string { return p.Text }

func usage(text, hint string) *Problem   { return &Problem{Text: text, Hint: hint, Usage: true} }
func failure(text, hint string) *Problem { return &Problem{Text: text, Hint: hint} }

// show keeps what somebody typed on one line: as it is, or quoted when it has
// spaces, quotes or anything that does not print.
func show(text string) string {
	odd := func(r rune) bool {
		return !unicode.IsPrint(r) || r == unicode.ReplacementChar || strings.ContainsRune(" \"'\\`", r)
	}
	if text == "" || strings.ContainsFunc(text, odd) {
		return strconv.Quote(text)
	}
	return text
}

// reason is err without the operation and the path, which the caller names.
func reason(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
