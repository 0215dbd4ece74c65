package config

import (
	"maps"
	"testing"
)

func TestStatic(t *testing.T) {
	for _, file := range []string{
		"[static]\n'/assets' = 'public/assets'\n'/my files/' = '../other'\n'/' = 'public'",
		"static = {'/assets/' = 'public/assets', '/my files' = '../other', '/' = 'public/'}",
	} {
		dir := app(t, file)
		write(t, "app/public/assets/x", "")
		write(t, "other/x", "")
		want := map[string]string{"/assets": dir + "/app/public/assets", "/my files": dir + "/other", "/": dir + "/app/public"}
		if c := load(t, "app"); !maps.Equal(c.Static, want) {
			t.Errorf("%s: got %q", file, c.Static)
		}
	}
	app(t, "")
	if c := load(t, "app"); c.Static != nil {
		t.Errorf("got %q", c.Static)
	}
}

func TestMistakesInStatic(t *testing.T) {
	const table = `use a table: [static] and in the next line "/assets" = "public/assets"`
	for _, test := range []struct{ file, text, hint string }{
		{"static = 'public'", `app/rip.toml:1: static = "public": not a table`, table},
		{"[static]\n'/a' = 4", "app/rip.toml:1: static = {…}: /a is not a text in quotes", table},
		{"[static]\n'/a' = ''", "app/rip.toml:1: static = {…}: the value of /a is empty", table},
		{"[static]\n'/a' = {folder = 'x'}", "app/rip.toml:1: static = {…}: /a is not a text in quotes", table},
		{"[[static]]\n'/a' = 'x'", "app/rip.toml:1: static = […]: a list holds texts in quotes", table},
		{"[static.'/a']\nfolder = 'x'", `app/rip.toml:1: unknown key "static./a"`, table},
		{"\nstatic.'/a' = 'x'", `app/rip.toml:2: unknown key "static./a"`, table},
		{"[static]\na = 'x'", "app/rip.toml:1: static = {…}: a does not begin with /", "write /a"},
		{"[static]\n'../a' = 'x'", "app/rip.toml:1: static = {…}: ../a does not begin with /", "write /a"},
		{"[static]\n'/a/../b' = 'x'", "app/rip.toml:1: static = {…}: /a/../b has an empty part, a . or a .. in it", table},
		{"[static]\n'//a' = 'x'", "app/rip.toml:1: static = {…}: //a has an empty part, a . or a .. in it", table},
		{"[static]\n'/a?b' = 'x'", `app/rip.toml:1: static = {…}: /a?b has a ?, a #, a \ or a control character in it`, table},
		{"[static]\n'/a%20b' = 'x'", "app/rip.toml:1: static = {…}: /a%20b has a % in it", "write what the encoding stands for: /my files, not /my%20files"},
		{"[static]\n'/a' = '.'\n'/a/' = '.'", "app/rip.toml:1: static = {…}: /a/ is there with and without the slash", "leave one of them out"},
		{"static = 'x'\n[other]\nb = 1", `app/rip.toml:2: unknown key "other"`, "there is no such table; each option is a key of its own: workers = 4"},
	} {
		app(t, test.file+"\n")
		refused(t, []string{"app"}, nil, 2, test.text, test.hint)
	}
	dir := app(t, "[static]\n'/a' = 'x'\n")
	refused(t, []string{"app"}, nil, 2, "app/rip.toml:1: static = {…}: x of /a is not a folder", "looked for "+dir+"/app/x")
	write(t, "app/x", "a file")
	refused(t, []string{"app"}, nil, 2, "app/rip.toml:1: static = {…}: x of /a is not a folder", "looked for "+dir+"/app/x")
	refused(t, []string{"app", "--static=x"}, nil, 2, `"--static=x" is not a flag`, "static is a key in rip.toml; "+table)
}
