package config

import (
	"slices"
	"testing"
)

func TestSplitWords(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"gunicorn", []string{"gunicorn"}},
		{"  gunicorn\t-w 1\n app:app ", []string{"gunicorn", "-w", "1", "app:app"}},
		{`a 'b c' "d e"f`, []string{"a", "b c", "d ef"}},
		{`a '' ""`, []string{"a", "", ""}},
		{`a\ b c\\d \'`, []string{"a b", `c\d`, "'"}},
		{`"a \"b\" \$c \\ \n" 'a\'`, []string{`a "b" $c \ \n`, `a\`}},
		{`'|&;<>$' "|&;<>"`, []string{"|&;<>$", "|&;<>"}},
		{`'app:make("x")' app:make() a=b ~ * #`, []string{`app:make("x")`, "app:make()", "a=b", "~", "*", "#"}},
		{"grüße 'a→b'", []string{"grüße", "a→b"}},
		{" \t", nil},
	} {
		got, err := splitWords(test.text)
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, %v, want %q", test.text, got, err, test.want)
		}
	}
}

func TestJoinWords(t *testing.T) {
	words := []string{"gunicorn", "", "a b", `it's "q" \ $x`, "''", "|"}
	if got, err := splitWords(JoinWords(words)); err != nil || !slices.Equal(got, words) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestExecRefused(t *testing.T) {
	app(t, "")
	const words = "use a program and its arguments: --exec='gunicorn shop.wsgi'"
	const shell = `put quotes around it, or start a shell: --exec='sh -c "exec …"'`
	for _, test := range []struct {
		args       []string
		env        []string
		text, hint string
	}{
		{[]string{"--exec="}, nil, "--exec=: there is no program in it", words},
		{[]string{"--exec= "}, nil, `"--exec= ": there is no program in it`, words},
		{[]string{`--exec=""`}, nil, `"--exec=\"\"": there is no program in it`, words},
		{[]string{"--exec=a 'b"}, nil, `"--exec=a 'b": a quote (') is not closed`, words},
		{[]string{`--exec=a "b`}, nil, `"--exec=a \"b": a quote (") is not closed`, words},
		{[]string{`--exec=a\`}, nil, `"--exec=a\\": it ends with a backslash`, words},
		{[]string{`--exec="a\`}, nil, `"--exec=\"a\\": it ends with a backslash`, words},
		{[]string{"--exec=a|b"}, nil, "--exec=a|b: no shell reads it, so | means nothing", shell},
		{[]string{"--exec=a", "r:5"}, nil, "r:5: it is not for --exec=a, whose program does not count requests for the server",
			"leave it out; gunicorn --max-requests=N and the like do it inside the program"},
		{nil, []string{"RIP_EXEC=a b", "RIP_MAX_REQUESTS=7"},
			`RIP_MAX_REQUESTS=7: it is not for "RIP_EXEC=a b", whose program does not count requests for the server`,
			"leave it out; gunicorn --max-requests=N and the like do it inside the program"},
		{[]string{"--exec=a", "--socket=seqpacket"}, nil, "--socket=seqpacket: --exec=a takes connections, which are of the type stream", "leave it out"},
		{[]string{"--exec=a", "--entry=b"}, nil, "--entry=b: --exec=a says already what is run", "leave one of them out"},
		{[]string{"--exec=a", "--exec=b"}, nil, "--exec=b: exec is already set by --exec=a", "leave one of them out"},
	} {
		refused(t, append(test.args, "app"), test.env, 2, test.text, test.hint)
	}
}

func TestExec(t *testing.T) {
	app(t, "exec = ['gunicorn', 'a b']\nmax-requests = 0\n")
	c := load(t, "app")
	if !slices.Equal(c.Exec, []string{"gunicorn", "a b"}) || c.Socket != Stream || c.MaxRequests != 0 {
		t.Errorf("exec %q, socket %s, %d requests", c.Exec, c.Socket, c.MaxRequests)
	}
	write(t, "app/rip.toml", "")
	if c := load(t, "app", "--exec=./run -x", "--socket=stream"); !slices.Equal(c.Exec, []string{"./run", "-x"}) || c.MaxRequests != 0 {
		t.Errorf("exec %q, %d requests", c.Exec, c.MaxRequests)
	}
	if c := load(t, "app"); c.Exec != nil || c.Socket != defaultSocket() || c.MaxRequests != 10000 {
		t.Errorf("without: exec %q, socket %s, %d requests", c.Exec, c.Socket, c.MaxRequests)
	}
	write(t, "app/rip.toml", "command = ['x']\n")
	refused(t, []string{"app", "--exec=a"}, nil, 2, `app/rip.toml:1: command = ["x"]: --exec=a says already what is run`, "leave one of them out")
	write(t, "app/rip.toml", "exec = ['']\n")
	refused(t, []string{"app"}, nil, 2, `app/rip.toml:1: exec = [""]: there is no program in it`,
		"use a program and its arguments: --exec='gunicorn shop.wsgi'")
}
