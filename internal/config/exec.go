package config

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// execWords reads the words of a command that is a worker by itself: as a shell
// would, from one text, or from a list in rip.toml.
func execWords() kind {
	return kind{
		form:    "COMMAND",
		allowed: "a program and its arguments: --exec='gunicorn shop.wsgi'",
		set: func(c *Config, v value) (err error) {
			list := v.list
			if list == nil {
				if list, err = splitWords(v.text); err != nil {
					return err
				}
			}
			switch {
			case len(list) == 0 || list[0] == "":
				return errors.New("there is no program in it")
			case slices.ContainsFunc(list, func(w string) bool { return strings.ContainsRune(w, 0) }):
				return errors.New("a word has a zero byte in it")
			case runtime.GOOS != "linux":
				return &mistake{"this needs Linux", "give the app's folder alone"}
			}
			c.Exec = list
			return nil
		},
	}
}

// splitWords splits a text into words as a POSIX shell does: at blanks, but for
// what is quoted by ' or " or follows a backslash. Nothing is expanded, and what
// a shell would take for more than a word is an error.
func splitWords(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	begun, quote := false, rune(0)
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		last := i+1 == len(runes)
		switch {
		case quote == '\'' && r != '\'', quote == '"' && r != '"' && r != '\\':
			word.WriteRune(r)
		case r == '\\' && last:
			return nil, errors.New("it ends with a backslash")
		case quote == '"' && r == '\\' && !strings.ContainsRune("\"\\$`", runes[i+1]):
			word.WriteRune(r)
		case r == '\\':
			i++
			word.WriteRune(runes[i])
			begun = true
		case quote != 0:
			quote = 0
		case r == '\'' || r == '"':
			quote, begun = r, true
		case strings.ContainsRune(" \t\n", r):
			if begun {
				words = append(words, word.String())
				word.Reset()
			}
			begun = false
		case strings.ContainsRune("|&;<>`$", r):
			return nil, &mistake{
				fmt.Sprintf("no shell reads it, so %c means nothing", r),
				`put quotes around it, or start a shell: --exec='sh -c "exec …"'`,
			}
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote (%c) is not closed", quote)
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

// JoinWords writes words as one text that --exec splits into the same words.
func JoinWords(words []string) string {
	var quoted []string
	for _, w := range words {
		quoted = append(quoted, "'"+strings.ReplaceAll(w, "'", `'\''`)+"'")
	}
	return strings.Join(quoted, " ")
}

// useExec makes what goes without saying with a program that is a worker by
// itself.
func (c *Config) useExec() {
	if c.Exec == nil {
		return
	}
	if c.Source("socket") == "" {
		c.Socket = Stream
	}
	if c.Source("max-requests") == "" {
		c.MaxRequests = 0
	}
}

// checkExec refuses what cannot be had together with such a program.
func (c *Config) checkExec() error {
	if c.Exec == nil {
		return nil
	}
	exec := c.Source("exec")
	if c.MaxRequests > 0 {
		return usage(fmt.Sprintf("%s: it is not for %s, whose program does not count requests for the server", c.Source("max-requests"), exec),
			"leave it out; gunicorn --max-requests=N and the like do it inside the program")
	}
	if c.Socket != Stream {
		return usage(fmt.Sprintf("%s: %s takes connections, which are of the type stream", c.Source("socket"), exec), "leave it out")
	}
	for _, other := range []string{"command", "kind", "entry", "python"} {
		if source := c.Source(other); source != "" {
			return usage(fmt.Sprintf("%s: %s says already what is run", source, exec), "leave one of them out")
		}
	}
	return nil
}
