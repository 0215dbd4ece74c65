package config

import (
	"errors"
	"strings"
	"testing"
)

func TestAnyOrder(t *testing.T) {
	dir := app(t, "")
	for _, args := range [][]string{
		{"app", "w:3", "--max-queue=7", "http:3000"},
		{"--max-queue", "7", "http:3000", "app", "w:3"},
		{"w:3", "http:3000", "--max-queue=7", "--", "app"},
		{"w:3", "--http=3000", "--max-queue=7", "./app/"},
		{"w:3", "http:3000", "--max-queue=7", dir + "/app"},
	} {
		c := load(t, args...)
		if c.Workers != 3 || c.MaxQueue != 7 || c.Port != 3000 || c.Path != dir+"/app" {
			t.Errorf("%q: %d workers, queue %d, port %d, path %s", args, c.Workers, c.MaxQueue, c.Port, c.Path)
		}
	}
}

// A folder may be called like an option or hold a colon.
func TestOddPaths(t *testing.T) {
	dir := app(t, "")
	for path, arg := range map[string]string{
		"w:4": "./w:4", "my:app": "my:app", "a=b": "a=b", "-x": "./-x", "--json": "--", "C:/x": "C:/x", "max-queue": "max-queue",
	} {
		write(t, path+"/main.go", "")
		args := []string{arg}
		if arg == "--" {
			args = []string{"--", path}
		}
		if c := load(t, args...); c.Path != dir+"/"+path {
			t.Errorf("%q: path %s", args, c.Path)
		}
	}
}

func TestMistakes(t *testing.T) {
	app(t, "")
	const (
		flags  = "rip-server help lists the flags"
		tokens = "the tokens are w:N, r:N and http:PORT"
		oneApp = "one server runs one app; options are written w:4, http:5002, --name=NAME"
		noApp  = "name the app's folder: rip-server examples/hello"
	)
	tests := []struct {
		args       string
		text, hint string
	}{
		{"", "no app path was given", noApp},
		{"w:4", "no app path was given", noApp},
		{"--", "no app path was given", noApp},
		{"app other", `two app paths: "app" and "other"`, oneApp},
		{"app -- w:4", `two app paths: "app" and "w:4"`, oneApp},
		{"app workers", `two app paths: "app" and "workers"`, "did you mean w:N|auto?"},
		{"app max-queue 5", `two app paths: "app" and "max-queue"`, "did you mean --max-queue=N?"},
		{"app json", `two app paths: "app" and "json"`, "did you mean --json?"},
		{"app no-access-log", `two app paths: "app" and "no-access-log"`, "did you mean --no-access-log?"},

		{"app --max-quue=3", `unknown flag "--max-quue=3"`, "did you mean --max-queue=3?"},
		{"app --max-quue", `unknown flag "--max-quue"`, "did you mean --max-queue=N?"},
		{"app --Workers=4", `unknown flag "--Workers=4"`, "did you mean --workers=4?"},
		{"app --max_queue=4", `unknown flag "--max_queue=4"`, "did you mean --max-queue=4?"},
		{"app -workers=4", `unknown flag "-workers=4"`, "did you mean --workers=4?"},
		{"app -w", `unknown flag "-w"`, "did you mean w:N|auto?"},
		{"app -w=4", `unknown flag "-w=4"`, "did you mean w:4?"},
		{"app -p=3000", `unknown flag "-p=3000"`, "did you mean --http=3000?"},
		{"app --port=3000", `unknown flag "--port=3000"`, "did you mean --http=3000?"},
		{"app --jsn", `unknown flag "--jsn"`, "did you mean --json?"},
		{"app --no-acess-log", `unknown flag "--no-acess-log"`, "did you mean --no-access-log?"},
		{"app --no-workers", `unknown flag "--no-workers"`, "did you mean --workers=N|auto?"},
		{"app --daemonize", `unknown flag "--daemonize"`, flags},
		{"app ---", `unknown flag "---"`, flags},
		{"app --=4", `unknown flag "--=4"`, flags},
		{"app --command=x", `"--command=x" is not a flag`, `command is a key in rip.toml; use a list of words: command = ["python3", "worker.py"]`},
		{"app --max-queue", "--max-queue needs a value", "write --max-queue=N"},
		{"app --max-queue --json", "--max-queue needs a value", "write --max-queue=N"},

		{"app wx:3", `unknown token "wx:3"`, "did you mean w:3?"},
		{"app W:3", `unknown token "W:3"`, "did you mean w:3?"},
		{"app htpp:3000", `unknown token "htpp:3000"`, "did you mean http:3000?"},
		{"app workers:4", `unknown token "workers:4"`, "did you mean w:4?"},
		{"app worker:4", `unknown token "worker:4"`, "did you mean w:4?"},
		{"app port:3000", `unknown token "port:3000"`, "did you mean http:3000?"},
		{"app max-queue:5", `unknown token "max-queue:5"`, "did you mean --max-queue=5?"},
		{"app max-requests:5", `unknown token "max-requests:5"`, "did you mean r:5?"},
		{"app json:true", `unknown token "json:true"`, "did you mean --json?"},
		{"app x:3", `unknown token "x:3"`, tokens},
		{"app daemonize:3", `unknown token "daemonize:3"`, tokens},
		{"w=4 app", `unknown token "w=4"`, "did you mean w:4?"},
		{"app w=4", `unknown token "w=4"`, "did you mean w:4?"},
		{"app workers=4", `unknown token "workers=4"`, "did you mean w:4?"},
		{"app http=127.0.0.1:80", `unknown token "http=127.0.0.1:80"`, "did you mean http:127.0.0.1:80?"},
		{"app name=shop", `unknown token "name=shop"`, "did you mean --name=shop?"},

		{"app w:4 w:5", "w:5: workers is already set by w:4", "leave one of them out"},
		{"app w:4 --workers=4", "--workers=4: workers is already set by w:4", "leave one of them out"},
		{"app --json --json-logging", "--json-logging: json-logging is already set by --json", "leave one of them out"},
		{"app --access-log --no-access-log", "--no-access-log: access-log is already set by --access-log", "leave one of them out"},
		{"app --config=app/rip.toml --config=app/rip.toml", "--config=app/rip.toml: config is already set by --config=app/rip.toml", "leave one of them out"},
	}
	for _, test := range tests {
		refused(t, strings.Fields(test.args), nil, 2, test.text, test.hint)
	}
	refused(t, []string{"app", ""}, nil, 2, `unexpected argument ""`, "leave it out, or name the app's folder")
	refused(t, []string{"app", "a\nb:1"}, nil, 2, `unknown token "a\nb:1"`, tokens)
	refused(t, []string{"app", "--max-queue:\n5"}, nil, 2, `unknown flag "--max-queue:\n5"`, "did you mean --max-queue=N?")
}

// Whatever the arguments are, they are taken or refused in one line that says
// what is wrong and one that says what to do.
func FuzzArguments(f *testing.F) {
	for _, args := range []string{
		"app w:4 r:10 http:127.0.0.1:5002 --json --max-queue 5", "w=4 workers:4", "-w --no-json=x", "http:::1 http:[::1]:5\n",
		"--trusted-proxies=10.1.2.3/8,::1%a", "--sendfile-roots=.,\x00", "--name=ä", "-- -", "--max-body=64 KiB", "--\n=\n",
	} {
		f.Add(strings.ReplaceAll(args, " ", "\x1f"))
	}
	f.Fuzz(func(t *testing.T, joined string) {
		said, err := parseArgs(strings.Split(joined, "\x1f"))
		if err == nil {
			c := &Config{sources: map[string]string{}}
			if err = c.apply(said.settings); err == nil {
				c.Path, c.Dir = said.dir, said.dir
				if err = c.applyDefaults(); err == nil {
					err = c.check()
				}
			}
		}
		if err == nil {
			return
		}
		p, ok := errors.AsType[*Problem](err)
		if !ok {
			t.Fatalf("%T: %v", err, err)
		}
		for _, line := range []string{p.Text, p.Hint} {
			if line == "" || strings.ContainsAny(line, "\n\r\x00") || !p.Usage {
				t.Errorf("%q: %q, %q, usage %v", joined, p.Text, p.Hint, p.Usage)
			}
		}
	})
}
