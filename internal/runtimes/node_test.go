package runtimes

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestDetectNode(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		o     Options
		entry string // "" = it is none
	}{
		{"server before index", map[string]string{"server.js": "", "index.js": ""}, Options{}, "server.js"},
		{"a module", map[string]string{"index.mjs": ""}, Options{}, "index.mjs"},
		{"start script", map[string]string{"package.json": `{"main": "lib.js", "scripts": {"start": "node -r ./trace.js --no-warnings src/app 80"}}`,
			"src/app.js": "", "lib.js": "", "server.js": ""}, Options{}, "-r ./trace.js --no-warnings src/app.js 80"},
		{"a start script that is more", map[string]string{"package.json": `{"main": "./lib.js", "scripts": {"start": "npm run build && node dist.js"}}`,
			"dist.js": "", "lib.js": ""}, Options{}, "lib.js"},
		{"a start script that watches", map[string]string{"package.json": `{"scripts": {"start": "node --watch app.js"}}`,
			"app.js": "", "index.js": ""}, Options{}, "index.js"},
		{"a main file that is not there", map[string]string{"package.json": `{"main": "index.js"}`, "server.js": ""}, Options{}, "server.js"},
		{"nothing to start", map[string]string{"package.json": `{}`, "app.js": ""}, Options{}, ""},
		{"malformed", map[string]string{"package.json": `{`, "index.js": ""}, Options{}, ""},
		{"an entry", map[string]string{"package.json": `{}`, "src/shop.js": "", "index.js": ""}, Options{Entry: "src/shop.js"}, "src/shop.js"},
		{"no such entry", map[string]string{"index.js": ""}, Options{Entry: "shop.js"}, ""},
		{"Python first", map[string]string{"app.py": "", "index.js": ""}, Options{Kind: "node"}, "index.js"},
	}
	for _, test := range tests {
		a, err := Detect(tree(t, test.files), test.o)
		switch {
		case err != nil && test.entry != "":
			t.Errorf("%s: %v", test.name, err)
		case err == nil && (a.Kind != "node" || a.Entry != test.entry):
			t.Errorf("%s: %s with the entry %q, want %q", test.name, a.Kind, a.Entry, test.entry)
		}
	}
}

func TestNodeFileAsPath(t *testing.T) {
	dir := tree(t, map[string]string{"shop.mjs": ""})
	if a := detect(t, filepath.Join(dir, "shop.mjs"), Options{}); a.Kind != "node" || a.Entry != "shop.mjs" || a.Dir != dir {
		t.Errorf("%+v", a)
	}
}

func TestNodeInterpreter(t *testing.T) {
	dir := tree(t, map[string]string{
		"good":   "#!/bin/sh\necho 22.1.0; echo /opt/node\n",
		"old":    "#!/bin/sh\necho 16.20.2; echo /opt/node\n",
		"broken": "#!/bin/sh\necho no library >&2\nexit 1\n",
	})
	for asked, want := range map[string]string{
		"good":       "",
		"old":        "is Node.js 16.20.2, and 18 or newer is needed",
		"broken":     "is no Node.js that runs: exit status 1 no library",
		"none-there": "there is no none-there in PATH",
		"gone":       "gone: no such file or directory",
	} {
		if asked != "none-there" {
			asked = filepath.Join(dir, asked)
		}
		got, _, err := findNode(context.Background(), dir, asked)
		switch {
		case want == "" && (err != nil || got != "/opt/node"):
			t.Errorf("%s: %q, %v", asked, got, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s: error %v, want one line with %q", asked, err, want)
		}
	}
	if _, err := exec.LookPath("node"); err == nil {
		if path, _, err := findNode(context.Background(), dir, ""); err != nil || !filepath.IsAbs(path) {
			t.Errorf("%q, %v", path, err)
		}
	}
}

func TestTypedNode(t *testing.T) {
	dir := tree(t, map[string]string{
		"index.ts": "",
		"old":      "#!/bin/sh\necho 20.1.0; echo /opt/node; echo\n",
		"new":      "#!/bin/sh\necho 24.1.0; echo /opt/node; echo strip\n",
	})
	o := Options{Kind: "node", CacheDir: filepath.Join(dir, "cache"), Node: filepath.Join(dir, "new")}
	a := detect(t, dir, o)
	if args := prepare(t, a).Command("").Args; a.Kind != "node" || args[len(args)-1] != "index.ts" {
		t.Errorf("%s runs %q", a.Kind, args)
	}
	o.Node = filepath.Join(dir, "old")
	_, err := detect(t, dir, o).Prepare(context.Background())
	if err == nil || !strings.Contains(err.Error(), "/opt/node runs no TypeScript: Node.js 22.18, 23.6 or newer does") {
		t.Errorf("error %v", err)
	}
}

func TestNodeStandIns(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("RIP_TEST_REQUIRE") == "all" {
			t.Fatal("node is not installed")
		}
		t.Skip("node is not installed")
	}
	for _, module := range []string{"web.cjs", "globals.cjs"} {
		path, err := filepath.Abs("shims/node/rip_worker/" + module)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(node, "testdata/"+module, path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", module, err, out)
		}
	}
}
