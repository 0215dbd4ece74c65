package config

import (
	"maps"
	"testing"
)

func TestLoaders(t *testing.T) {
	dir := app(t, "[loaders]\n'.rip' = 'rip.js'\n'.coffee' = '../coffeescript.js'")
	write(t, "app/rip.js", "")
	write(t, "coffeescript.js", "")
	want := map[string]string{".rip": dir + "/app/rip.js", ".coffee": dir + "/coffeescript.js"}
	if c := load(t, "app"); !maps.Equal(c.Loaders, want) {
		t.Errorf("got %q", c.Loaders)
	}
}

func TestMistakesInLoaders(t *testing.T) {
	const table = `use a table: [loaders] and in the next line ".coffee" = "coffeescript.js"`
	for _, test := range []struct{ file, text, hint string }{
		{"loaders = 'rip.js'", `app/rip.toml:1: loaders = "rip.js": not a table`, table},
		{"[loaders]\n'.rip' = 4", "app/rip.toml:1: loaders = {…}: .rip is not a text in quotes", table},
		{"[loaders]\nrip = 'rip.js'", "app/rip.toml:1: loaders = {…}: rip does not begin with a dot", "write .rip"},
		{"[loaders]\n'*.rip' = 'rip.js'", "app/rip.toml:1: loaders = {…}: *.rip does not begin with a dot", "write .rip"},
		{"[loaders]\n'.r ip' = 'rip.js'", "app/rip.toml:1: loaders = {…}: \".r ip\" is not the extension of a file", table},
		{"[loaders]\n'.ts' = 'rip.js'", "app/rip.toml:1: loaders = {…}: files with .ts need no loader", "leave it out"},
	} {
		app(t, test.file+"\n")
		refused(t, []string{"app"}, nil, 2, test.text, test.hint)
	}
	dir := app(t, "[loaders]\n'.rip' = 'rip.js'\n")
	refused(t, []string{"app"}, nil, 2, "app/rip.toml:1: loaders = {…}: rip.js of .rip is not a file", "looked for "+dir+"/app/rip.js")
}
