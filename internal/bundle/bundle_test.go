package bundle

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree writes files, by name relative to a new folder, and returns the folder
// without symbolic links in it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func build(t *testing.T, dir, entry string) *Bundle {
	t.Helper()
	b, err := Build(Options{Dir: dir, Entry: entry, Env: "development"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestErrors(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"syntax", map[string]string{"index.ts": "let x = 1\nexport default {\n  fetch( { }\n"},
			"index.ts:4:1: Expected \")\" but found end of file\n    "},
		{"in another file", map[string]string{"index.ts": "import './lib/a.ts'; export default 1", "lib/a.ts": "\n\nlet 1"},
			"lib/a.ts:3:5: Expected \";\" but found \"1\"\n    let 1"},
		{"no default export", map[string]string{"index.ts": "export const fetch = 1"},
			"index.ts:1: there is no default export\n  hint: export a function, or an object with one"},
		{"no such file", map[string]string{"index.ts": "import x from './x'\nexport default x"},
			"index.ts:1:15: there is no file \"./x\"\n    import x from './x'"},
		{"no such package", map[string]string{"index.ts": "import { a } from '@scope/name/sub'\nexport default a"},
			"index.ts:1:19: the package \"@scope/name\" is not installed\n    import { a } from '@scope/name/sub'\n  hint: npm install @scope/name, or"},
		{"a package not installed yet", map[string]string{"index.ts": "import { Hono } from 'hono'\nexport default new Hono()", "package.json": `{"dependencies": {"hono": "^4"}}`},
			"index.ts:1:22: the package \"hono\" is not installed\n    import { Hono } from 'hono'\n  hint: npm install, or"},
		{"a module of Node", map[string]string{"index.ts": "\nimport fs from 'fs/promises'\nexport default fs"},
			"index.ts:2:16: \"fs/promises\" is a module of Node.js, which the embedded engine does not have\n    import fs from 'fs/promises'\n  hint: run the app with Node.js: --kind=node"},
		{"no such export", map[string]string{"index.ts": "import { b } from './a'\nexport default b", "a.ts": "export const c = 1"},
			"index.ts:1:10: No matching export in \"a.ts\" for import \"b\"\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Build(Options{Dir: tree(t, test.files), Entry: "index.ts"})
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error\n%v\nwant\n%s", err, test.want)
			}
		})
	}
}

func TestBuiltin(t *testing.T) {
	for code, want := range map[string]string{
		"import 'node:http'; import fs from 'fs'; export default fs": "node:http",
		"import './missing'; import 'fs'; export default 1":          "fs",
		"import './missing'; export default 1":                       "",
	} {
		_, err := Build(Options{Dir: tree(t, map[string]string{"index.js": code}), Entry: "index.js"})
		if e, ok := err.(*Error); !ok || e.Builtin != want {
			t.Errorf("%s: error %v, want the module %q", code, err, want)
		}
	}
}

// The names of Node's modules may be those of packages too.
func TestPackageWithBuiltinName(t *testing.T) {
	dir := tree(t, map[string]string{
		"index.js":                           "import { x } from 'buffer'; export default x",
		"node_modules/buffer/package.json":   `{"name": "buffer", "main": "main.js"}`,
		"node_modules/buffer/main.js":        "exports.x = 'from the package'",
		"node_modules/.package-lock.json":    "{}",
		"node_modules/buffer/unused/file.js": "",
	})
	b := build(t, dir, "index.js")
	if !strings.Contains(string(b.Script), "from the package") {
		t.Errorf("the package is not in\n%s", b.Script)
	}
	for _, file := range b.Files {
		if strings.Contains(file, "buffer") {
			t.Errorf("%q is watched", file)
		}
	}
	if lock := filepath.Join(dir, "node_modules/.package-lock.json"); !slices.Contains(b.Files, lock) {
		t.Errorf("%q is not watched", lock)
	}
}

func TestFiles(t *testing.T) {
	dir := tree(t, map[string]string{
		"app/index.ts":    "import './lib/a'; import data from '../data.json'; export default data",
		"app/lib/a.tsx":   "export {}",
		"data.json":       "{}",
		"package.json":    "{}",
		"app/lib/free.ts": "",
	})
	b := build(t, filepath.Join(dir, "app"), "index.ts")
	for _, name := range []string{"app/index.ts", "app/lib/a.tsx", "data.json", "app", "app/lib", "app/tsconfig.json", "app/package-lock.json", "package-lock.json", "package.json"} {
		if !slices.Contains(b.Files, filepath.Join(dir, name)) {
			t.Errorf("%s is not among %q", name, b.Files)
		}
	}
	if slices.Contains(b.Files, filepath.Join(dir, "app/lib/free.ts")) {
		t.Error("a file is watched that nobody imports")
	}
}

func TestFilesOfBrokenCode(t *testing.T) {
	dir := tree(t, map[string]string{
		"index.ts":    "import './lib/a'; import './new/b.js'; export default 1",
		"lib/a.ts":    "import '../broken'; export {}",
		"broken/x.md": "",
		"z.ts":        "",
	})
	b, err := Build(Options{Dir: dir, Entry: "index.ts"})
	if err == nil {
		t.Fatal("it was bundled")
	}
	for _, name := range []string{"index.ts", "lib/a.ts", "new", "new/b.js", "new/b.*", "broken.*", "broken/index.*"} {
		if !slices.Contains(b.Files, filepath.Join(dir, name)) {
			t.Errorf("%s is not among %q", name, b.Files)
		}
	}
}

func TestHasDefaultExport(t *testing.T) {
	for code, want := range map[string]bool{
		"export default { fetch() {} }":                   true,
		"import 'express'; export default 1":              true,
		"const a = 1; export { a as default }":            true,
		"module.exports = {}":                             false,
		"// export default\nrequire('http')":              false,
		"export const fetch = 1":                          false,
		"export default {\n fetch( {\n":                   true,
		"require('http').createServer(\n":                 false,
		"const x = await import('./y'); export default x": true,
	} {
		dir := tree(t, map[string]string{"index.js": code})
		if got := HasDefaultExport(filepath.Join(dir, "index.js")); got != want {
			t.Errorf("%q: %t, want %t", code, got, want)
		}
	}
}

// What a loader says is told: of a file with a place in it, of itself without.
func TestLoaderErrors(t *testing.T) {
	dir := tree(t, map[string]string{"index.x": "a\nb c", "index.ts": "import './index.x'\nexport default 1"})
	for _, test := range []struct {
		entry string
		err   error
		want  string
	}{
		{"index.x", &CompileError{Text: "what is c?", Line: 2, Column: 3}, "index.x:2:3: what is c?\n    b c"},
		{"index.ts", &CompileError{Text: "too long"}, "index.x:1:1: too long\n    a"},
		{"index.x", errors.New("the loader is broken"), "index.x: the loader is broken"},
		{"index.ts", errors.New("the loader is broken"), "index.ts:1:8: the loader is broken\n    import './index.x'"},
	} {
		loader := Loader{Extension: ".x", Compile: func(string) (string, error) { return "", test.err }}
		_, err := Build(Options{Dir: dir, Entry: test.entry, Loaders: []Loader{loader}})
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: error %v, want %s", test.entry, err, test.want)
		}
	}
}
