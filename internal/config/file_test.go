package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

func TestConfigFile(t *testing.T) {
	dir := app(t, "workers = 2\n")
	write(t, "etc/other.toml", "workers = 3\nsendfile-roots = ['files', '../app']\n")
	write(t, "etc/files/x", "")
	write(t, "program", "")
	write(t, "rip.toml", "workers = 4\n")
	tests := []struct {
		args []string
		env  []string
		want int
	}{
		{[]string{"app"}, nil, 2},
		{[]string{"app", "--config=etc/other.toml"}, nil, 3},
		{[]string{"app", "--config", dir + "/etc/other.toml"}, nil, 3},
		{[]string{"app"}, []string{"RIP_CONFIG=etc/other.toml"}, 3},
		{[]string{"app", "--config=rip.toml"}, []string{"RIP_CONFIG=etc/other.toml"}, 4},
		{[]string{"program"}, nil, 4},
		{[]string{"etc/files"}, nil, 5},
	}
	for _, test := range tests {
		c, err := Load(test.args, append(test.env, append(folderEnv, "RIP_MAX_RELOADS=5")...))
		if err != nil {
			t.Errorf("%q %q: %v", test.args, test.env, err)
			continue
		}
		if test.want != 5 && c.Workers != test.want {
			t.Errorf("%q %q: %d workers, want %d", test.args, test.env, c.Workers, test.want)
		}
		if test.want == 5 && c.Source("workers") != "" {
			t.Errorf("%q: workers of %q", test.args, c.Source("workers"))
		}
	}
	// Paths are relative to the file, as it is where somebody wrote them.
	c := load(t, "app", "--config=etc/other.toml")
	if want := []string{dir + "/etc/files", dir + "/app"}; !slices.Equal(c.SendfileRoots, want) {
		t.Errorf("roots %q, want %q", c.SendfileRoots, want)
	}
	if got := c.Source("workers"); got != "etc/other.toml:1: workers = 3" {
		t.Errorf("source %q", got)
	}
	refused(t, []string{"app", "--config=missing"}, nil, 1, "--config=missing: no such file or directory", "looked for "+dir+"/missing")
	refused(t, []string{"app"}, []string{"RIP_CONFIG=etc"}, 1, "RIP_CONFIG=etc: is a directory", "looked for "+dir+"/etc")
	if err := os.Remove("app/rip.toml"); err != nil {
		t.Fatal(err)
	}
	write(t, "app/rip.toml/x", "")
	refused(t, []string{"app"}, nil, 1, "app/rip.toml: is a directory", "make it readable, or name another one with --config=FILE")
}

func TestCommand(t *testing.T) {
	app(t, "command = [\n  'python3',\n  \"a worker.py\", '']\n")
	c := load(t, "app")
	if want := []string{"python3", "a worker.py", ""}; !slices.Equal(c.Command, want) {
		t.Errorf("command %q, want %q", c.Command, want)
	}
	if got, want := c.Source("command"), `app/rip.toml:1: command = ["python3", "a worker.py", ""]`; got != want {
		t.Errorf("source %q, want %q", got, want)
	}
}

func TestMistakesInFile(t *testing.T) {
	const (
		count   = "use a number from 1 to 256, or auto"
		command = `use a list of words: command = ["python3", "worker.py"]`
		listed  = "rip-server help lists the options; each is a key, without the two dashes"
		tables  = "there is no such table; each option is a key of its own: workers = 4"
	)
	tests := []struct{ file, text, hint string }{
		{"workers = 0", "app/rip.toml:1: workers = 0: less than 1", count},
		{"workers = [3]", "app/rip.toml:1: workers = [3]: a single value is wanted, not a list", count},
		{"workers = []", "app/rip.toml:1: workers = []: a single value is wanted, not a list", count},
		{"workers = true", "app/rip.toml:1: workers = true: not a whole number", count},
		{"workers = 4.0", "app/rip.toml:1: workers = 4.0: not a whole number", count},
		{"workers = nan", "app/rip.toml:1: workers = NaN: not a whole number", count},
		{"workers = 1979-05-27", "app/rip.toml:1: workers = …: no option has a value of this kind", count},
		{"workers = {n = 4}", "app/rip.toml:1: workers = {…}: this option is not a table", count},
		{"[workers]", "app/rip.toml:1: workers = {…}: this option is not a table", count},
		{"[[workers]]\nn = 4", "app/rip.toml:1: workers = […]: a list holds texts in quotes", count},
		{"env = 'a\tb'", `app/rip.toml:1: env = "a\tb": there is no such choice`, "use development or production"},
		{"queue-timeout = 5", "app/rip.toml:1: queue-timeout = 5: the unit is missing", "write 5s for seconds, 5ms for milliseconds"},
		{"trusted-proxies = ['::1', 10]", `app/rip.toml:1: trusted-proxies = ["::1", 10]: 10 is neither an address nor a network`, wantNetworks},
		{"sendfile-roots = [['a']]", "app/rip.toml:1: sendfile-roots = […]: a list holds texts in quotes", "use folders with commas between, or off"},
		{"command = 'python3 worker.py'", `app/rip.toml:1: command = "python3 worker.py": not a list of words`, command},
		{"command = []", "app/rip.toml:1: command = []: there is no program in it", command},
		{"command = ['']", `app/rip.toml:1: command = [""]: there is no program in it`, command},
		{"command = [\"a\\u0000\"]", `app/rip.toml:1: command = ["a\x00"]: a word has a zero byte in it`, command},

		{"\n\nworker = 4", `app/rip.toml:3: unknown key "worker"`, "did you mean workers?"},
		{"w = 4", `app/rip.toml:1: unknown key "w"`, "did you mean workers?"},
		{"port = 4", `app/rip.toml:1: unknown key "port"`, "did you mean http?"},
		{"max_queue = 4", `app/rip.toml:1: unknown key "max_queue"`, "did you mean max-queue?"},
		{"Workers = 4", `app/rip.toml:1: unknown key "Workers"`, "did you mean workers?"},
		{"daemonize = true", `app/rip.toml:1: unknown key "daemonize"`, listed},
		{"'' = 1", `app/rip.toml:1: unknown key ""`, listed},
		{"\"a\\nb\" = 1", `app/rip.toml:1: unknown key "a\nb"`, listed},
		{"config = 'x'", `app/rip.toml:1: unknown key "config"`, "it is a flag and a variable only: --config=FILE"},
		{"[server]\nworkers = 4", `app/rip.toml:1: unknown key "server"`, tables},
		{"workers = 4\n[http]\nport = 4", "app/rip.toml:2: http = {…}: this option is not a table", wantAddress},
		{"http.port = 4", `app/rip.toml:1: unknown key "http.port"`, tables},
		{"[a.workers]\nx = 4", `app/rip.toml:1: unknown key "a.workers"`, tables},
		{"json = true\njson-logging = true", "app/rip.toml:2: json-logging = true: json-logging is already set by app/rip.toml:1: json = true", "leave one of them out"},
	}
	for _, test := range tests {
		app(t, test.file+"\n")
		refused(t, []string{"app"}, nil, 2, test.text, test.hint)
	}
}

// What is no TOML is told in the words of the library that reads it.
func TestBrokenFile(t *testing.T) {
	for text, line := range map[string]string{
		"workers = 4\nworkers = 5":       "2",
		"env = production":               "1",
		"# one\nworkers 4":               "2",
		"w:4":                            "1",
		"name = 'x\nmax-queue = 4":       "1",
		"# one\n\nname = \"\\q\"":        "3",
		"workers = 4\n\x00":              "2",
		"command = ['a',\n'b'\nhttp = 1": "3",
	} {
		app(t, text)
		_, err := Load([]string{"app"}, folderEnv)
		p, ok := errors.AsType[*Problem](err)
		if !ok || !strings.HasPrefix(p.Text, "app/rip.toml:"+line+": ") || !p.Usage {
			t.Errorf("%q: %v, want line %s", text, err, line)
		} else if p.Hint != `a line is a key and a value: workers = 4, env = "production"` {
			t.Errorf("%q: hint %s", text, p.Hint)
		}
	}
}

// Lists and texts over several lines, comments and either kind of line end do
// not lead the line numbers astray.
func TestLineNumbers(t *testing.T) {
	const file = `# workers = 1
trusted-proxies = [
  "10.0.0.0/8", # workers = 2
  "::1",
]
  "name" = """
shop\
"""

'max-queue' = 7
http   =   3000	# the port
command = ['''
workers = 3
''', "x"]
workers = 4
`
	for name, text := range map[string]string{"LF": file, "CRLF": strings.ReplaceAll(file, "\n", "\r\n")} {
		app(t, text)
		c := load(t, "app")
		for option, line := range map[string]string{
			"trusted-proxies": "2", "name": "6", "max-queue": "10", "http": "11", "command": "12", "workers": "15",
		} {
			if got, want := c.Source(option), "app/rip.toml:"+line+": "+option+" = "; !strings.HasPrefix(got, want) {
				t.Errorf("%s: source %q, want %q…", name, got, want)
			}
		}
		if c.Workers != 4 || c.Name != "shop" {
			t.Errorf("%s: %d workers, name %q", name, c.Workers, c.Name)
		}
	}
}

// The file is named as the person would find it.
func TestFileOfOddApps(t *testing.T) {
	app(t, "")
	write(t, "my app/rip.toml", "x = 1")
	refused(t, []string{"my app"}, nil, 2, `"my app/rip.toml":1: unknown key "x"`, "rip-server help lists the options; each is a key, without the two dashes")
	t.Chdir("my app")
	for _, path := range []string{".", "./"} {
		refused(t, []string{path}, nil, 2, `rip.toml:1: unknown key "x"`, "rip-server help lists the options; each is a key, without the two dashes")
	}
}

// Each key of a file is found, or the file is refused.
func FuzzFile(f *testing.F) {
	f.Add("workers = 4\n[a.b]\nc = 1\n")
	f.Add("trusted-proxies = [\n'::1']\nname = '''\nx'''")
	f.Add("[[a]]\n[[a]]\n[a.b]\nx.y = {z = [1, {}]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		settings, err := parseFile([]byte(text), filepath.Join("app", fileName), "/")
		if err == nil {
			var values map[string]any
			if err := toml.Unmarshal([]byte(text), &values); err != nil || len(values) != len(settings) {
				t.Errorf("%q: %d settings of %d keys, %v", text, len(settings), len(values), err)
			}
			for _, s := range settings {
				if strings.ContainsAny(s.source, "\n\r") {
					t.Errorf("%q: source %q", text, s.source)
				}
			}
			return
		}
		p, ok := errors.AsType[*Problem](err)
		if !ok || p.Text == "" || p.Hint == "" || strings.ContainsAny(p.Text+p.Hint, "\n\r\x00") {
			t.Errorf("%q: %#v", text, err)
		}
	})
}
