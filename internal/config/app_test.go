package config

import (
	"net"
	"os"
	"testing"
)

func TestAppPath(t *testing.T) {
	dir := app(t, "")
	write(t, "shop/program", "")
	if err := os.Symlink("shop", "link"); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ given, path, dir, name string }{
		{"shop", "/shop", "/shop", "shop"},
		{"shop/../shop/", "/shop", "/shop", "shop"},
		{"shop/program", "/shop/program", "/shop", "program"},
		{"link", "/link", "/link", "link"}, // a deployment changes where it leads
		{"link/program", "/link/program", "/link", "program"},
	}
	for _, test := range tests {
		c := load(t, test.given)
		if c.Path != dir+test.path || c.Dir != dir+test.dir || c.Name != test.name {
			t.Errorf("%s: path %s, folder %s, name %s", test.given, c.Path, c.Dir, c.Name)
		}
	}
}

func TestNoApp(t *testing.T) {
	dir := app(t, "")
	write(t, "shop/program", "")
	l, err := net.Listen("unix", "door")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tests := []struct{ given, text, hint string }{
		{"missing", `app path "missing" does not exist`, "looked for " + dir + "/missing"},
		{"./missing", `app path "./missing" does not exist`, "looked for " + dir + "/missing"},
		{"shpo", `app path "shpo" does not exist`, "did you mean shop?"},
		{"Shop", `app path "Shop" does not exist`, "did you mean shop?"},
		{"shop/progam", `app path "shop/progam" does not exist`, "did you mean shop/program?"},
		{dir + "/shpo", `app path "` + dir + `/shpo" does not exist`, "did you mean " + dir + "/shop?"},
		{"status", `app path "status" does not exist`, "a command comes first: rip-server status"},
		{"stats", `app path "stats" does not exist`, "did you mean the command rip-server status?"},
		{"./stats", `app path "./stats" does not exist`, "looked for " + dir + "/stats"},
		{"shop/program/x", `app path "shop/program/x": not a directory`, "looked for " + dir + "/shop/program/x"},
		{"a\nb", `app path "a\nb" does not exist`, `looked for "` + dir + `/a\nb"`},
		{"door", `app path "door" is neither a folder nor a file`, "looked at " + dir + "/door"},
		{"/dev/null", `app path "/dev/null" is neither a folder nor a file`, "looked at /dev/null"},
	}
	for _, test := range tests {
		refused(t, []string{test.given}, nil, 1, test.text, test.hint)
	}
}
