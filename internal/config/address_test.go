package config

import (
	"fmt"
	"testing"
)

// $PORT gives the port and nothing else, and only where nothing nearer gives
// one.
func TestPort(t *testing.T) {
	tests := []struct {
		args []string
		env  []string
		file string
		want string
	}{
		{nil, []string{"PORT=3000"}, "", "localhost 3000 PORT=3000"},
		{[]string{"--env=production"}, []string{"PORT=3000"}, "", "* 3000 PORT=3000"},
		{nil, []string{"PORT=0"}, "", "localhost 0 PORT=0"},
		{nil, []string{"PORT="}, "", "localhost 5002 "},
		{nil, []string{"PORT=3000"}, "http = 4000", "localhost 3000 PORT=3000"},
		{nil, []string{"PORT=3000"}, "http = '10.0.0.1:4000'", "10.0.0.1 3000 PORT=3000"},
		{nil, []string{"PORT=3000"}, "http = '*:4000'", "* 3000 PORT=3000"},
		{nil, []string{"PORT=3000", "RIP_HTTP=4000"}, "http = '10.0.0.1:5000'", "localhost 4000 RIP_HTTP=4000"},
		{[]string{"http:4000"}, []string{"PORT=3000"}, "http = '10.0.0.1:5000'", "localhost 4000 http:4000"},
		{[]string{"--http=4000"}, []string{"PORT=odd"}, "", "localhost 4000 --http=4000"},
		{nil, []string{"PORT=odd", "RIP_HTTP=4000"}, "", "localhost 4000 RIP_HTTP=4000"},
	}
	for _, test := range tests {
		app(t, test.file)
		c, err := Load(append(test.args, "app"), append(test.env, folderEnv...))
		if err != nil {
			t.Errorf("%q %q %q: %v", test.args, test.env, test.file, err)
			continue
		}
		if got := fmt.Sprint(c.Host, " ", c.Port, " ", c.Source("http")); got != test.want {
			t.Errorf("%q %q %q: %s, want %s", test.args, test.env, test.file, got, test.want)
		}
	}
}

func TestMalformedPort(t *testing.T) {
	app(t, "")
	const hint = "use a port from 0 to 65535, or say it nearer: http:5002"
	for text, what := range map[string]string{
		"web":            "not a whole number",
		"127.0.0.1:80":   "not a whole number",
		"tcp://db:5432":  "not a whole number",
		"+80":            "not a whole number",
		"0x50":           "not a whole number",
		"65536":          "more than 65535",
		"-1":             "less than 0",
		"99999999999999": "more than 65535",
	} {
		refused(t, []string{"app"}, []string{"PORT=" + text}, 2, "PORT="+text+": "+what, hint)
	}
	refused(t, []string{"app"}, []string{"PORT=80\n"}, 2, `PORT="80\n": not a whole number`, hint)
}
