package runtimes

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/internal/compile"
)

const handler = "export default { fetch() { return new Response('pong') } }\n"

// The rule which runtime runs a folder, as docs/javascript.md has it.
func TestDetectJavaScript(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		o     Options
		kind  string
		entry string
		why   string // part of it
	}{
		{"TypeScript", map[string]string{"index.ts": handler}, Options{}, "javascript", "index.ts", "no plain JavaScript"},
		{"TypeScript that imports from Node", map[string]string{"index.ts": "import 'fs'\n" + handler}, Options{}, "javascript", "index.ts", ""},
		{"a handler", map[string]string{"index.js": handler}, Options{}, "javascript", "index.js", "imports nothing of Node.js"},
		{"a handler that lacks a package", map[string]string{"index.mjs": "import 'hono'\n" + handler}, Options{}, "javascript", "index.mjs", ""},
		{"a handler that imports from Node", map[string]string{"index.js": "import './lib.js'\n" + handler, "lib.js": "import 'node:fs'"},
			Options{}, "node", "index.js", `index.js imports "node:fs"`},
		{"no handler", map[string]string{"index.js": "require('http').createServer().listen()"}, Options{}, "node", "index.js", "no default export"},
		{"CommonJS", map[string]string{"index.js": "module.exports = () => {}"}, Options{}, "node", "index.js", "no default export"},
		{"a server beside it", map[string]string{"index.ts": handler, "server.js": ""}, Options{}, "node", "server.js", "named server.js"},
		{"a start script", map[string]string{"index.ts": handler, "dist/app.js": "", "package.json": `{"scripts": {"start": "node dist/app.js"}}`},
			Options{}, "node", "dist/app.js", "start script"},
		{"a start script of another program", map[string]string{"index.ts": handler, "package.json": `{"scripts": {"start": "bun index.ts"}}`},
			Options{}, "javascript", "index.ts", ""},
		{"main for Node", map[string]string{"index.ts": handler, "lib.js": "", "package.json": `{"main": "lib.js"}`}, Options{}, "node", "lib.js", "names it as main"},
		{"main for Node that is a handler", map[string]string{"index.js": handler, "package.json": `{"main": "index.js"}`}, Options{}, "node", "index.js", "names it as main"},
		{"main that was never built", map[string]string{"index.ts": handler, "package.json": `{"main": "index.js"}`}, Options{}, "javascript", "index.ts", ""},
		{"main in TypeScript", map[string]string{"src/app.ts": handler, "package.json": `{"module": "src/app.ts"}`}, Options{}, "javascript", "src/app.ts", ""},
		{"Python first", map[string]string{"index.ts": handler, "app.py": ""}, Options{}, "python", "", ""},
		{"asked for Node", map[string]string{"index.js": handler}, Options{Kind: "node"}, "node", "index.js", "asked for"},
		{"asked for the engine", map[string]string{"index.js": "", "server.js": ""}, Options{Kind: "javascript"}, "javascript", "index.js", "asked for"},
		{"an entry", map[string]string{"index.js": "", "src/shop.ts": handler}, Options{Entry: "src/shop.ts"}, "javascript", "src/shop.ts", ""},
		{"an entry for Node", map[string]string{"index.ts": handler, "shop.js": "require('http')"}, Options{Entry: "shop.js"}, "node", "shop.js", "no default export"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := detect(t, tree(t, test.files), test.o)
			if a.Kind != test.kind || a.Entry != test.entry && test.entry != "" || !strings.Contains(a.Why, test.why) {
				t.Errorf("%s with the entry %q because %q, want %s, %q, %q", a.Kind, a.Entry, a.Why, test.kind, test.entry, test.why)
			}
		})
	}
}

func TestJavaScriptFileAsPath(t *testing.T) {
	dir := tree(t, map[string]string{"shop.tsx": handler, "node.cjs": ""})
	if a := detect(t, filepath.Join(dir, "shop.tsx"), Options{}); a.Kind != "javascript" || a.Entry != "shop.tsx" || a.Dir != dir {
		t.Errorf("%+v", a)
	}
	if a := detect(t, filepath.Join(dir, "node.cjs"), Options{}); a.Kind != "node" {
		t.Errorf("%+v", a)
	}
}

func TestJavaScriptBuild(t *testing.T) {
	dir := tree(t, map[string]string{"releases/1/index.ts": handler, "releases/2/index.ts": handler + "// the same\n"})
	current := filepath.Join(dir, "current")
	if err := os.Symlink("releases/1", current); err != nil {
		t.Fatal(err)
	}
	a := detect(t, current, Options{CacheDir: filepath.Join(dir, "cache")})
	first := prepare(t, a)
	if args := first.Command("title").Args; len(args) != 5 || args[0] != "title" || args[1] != JavaScriptFlag || !isFile(args[2]) || args[3] != "index.ts" {
		t.Errorf("the command is %q", args)
	}
	if again := prepare(t, a); again.ID != first.ID {
		t.Errorf("two builds of the same code are %q and %q", first.ID, again.ID)
	}
	if first.Dir != filepath.Join(dir, "releases/1") {
		t.Errorf("it runs in %q", first.Dir)
	}
	if err := os.Remove(current); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("releases/2", current); err != nil {
		t.Fatal(err)
	}
	if second := prepare(t, a); second.Dir != filepath.Join(dir, "releases/2") || second.ID == first.ID {
		t.Errorf("after the link has moved it runs in %q", second.Dir)
	}
	files := filesOf(t, a)
	for _, want := range []string{current, filepath.Join(dir, "releases/2/index.ts")} {
		if !slices.Contains(files, want) {
			t.Errorf("%q is not among %q", want, files)
		}
	}
}

// What ran last under this server is kept, what ran under an earlier one is not.
func TestJavaScriptForgetsAnEarlierServer(t *testing.T) {
	dir := tree(t, map[string]string{"app/index.ts": handler})
	o := Options{CacheDir: filepath.Join(dir, "cache")}
	a := detect(t, filepath.Join(dir, "app"), o)
	last := filepath.Join(filepath.Dir(prepare(t, a).Command("title").Args[2]), compile.LastFile)
	for _, server := range []struct {
		app   *App
		keeps bool
	}{{a, true}, {detect(t, filepath.Join(dir, "app"), o), false}} {
		if err := os.WriteFile(last, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		prepare(t, server.app)
		if isFile(last) != server.keeps {
			t.Errorf("it is there: %v, want %v", isFile(last), server.keeps)
		}
	}
}

func TestJavaScriptBuildError(t *testing.T) {
	dir := tree(t, map[string]string{"index.ts": "export default {\n  fetch( {\n", "later.ts": ""})
	a := detect(t, dir, Options{CacheDir: filepath.Join(dir, "cache")})
	_, err := a.Prepare(context.Background())
	if e, ok := errors.AsType[*BuildError](err); !ok || !strings.HasPrefix(e.Error(), "the bundle of index.ts failed:\nindex.ts:3:1: ") {
		t.Errorf("error %v", err)
	}
	write(t, filepath.Join(dir, "index.ts"), "import './later'\n"+handler)
	prepare(t, a)
	if files := filesOf(t, a); !slices.Contains(files, filepath.Join(dir, "later.ts")) {
		t.Errorf("files %q", files)
	}
}

func TestLoader(t *testing.T) {
	dir := tree(t, map[string]string{
		"index.rip": "answer pong",
		"rip.js": "export const compile = (source, { filename }) => {\n" +
			"  const [word, text] = source.split(' ')\n" +
			"  if (word !== 'answer') throw Object.assign(new Error('what is ' + word + '?'), { line: 1, column: 1 })\n" +
			"  return `export default () => new Response('${text}') // ${filename}`\n}",
	})
	o := Options{CacheDir: filepath.Join(dir, "cache"), Loaders: map[string]string{".rip": filepath.Join(dir, "rip.js")}}
	a := detect(t, dir, o)
	if a.Kind != "javascript" || a.Entry != "index.rip" {
		t.Fatalf("%+v", a)
	}
	prepare(t, a)
	if files := filesOf(t, a); !slices.Contains(files, filepath.Join(dir, "index.rip")) || !slices.Contains(files, filepath.Join(dir, "rip.js")) {
		t.Errorf("files %q", files)
	}
	write(t, filepath.Join(dir, "index.rip"), "reply pong")
	_, err := a.Prepare(context.Background())
	if err == nil || !strings.HasSuffix(err.Error(), "index.rip:1:1: what is reply?\n    reply pong") {
		t.Errorf("error %v", err)
	}
}
