package compile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/internal/bundle"
)

// shouting is a compiler of a language in which every line is what a module says.
const shouting = `
import { upper } from "./upper.js";

export function compile(source, options) {
  const lines = source.trimEnd().split("\n");
  for (const [i, line] of lines.entries()) {
    if (!line.startsWith("say ")) throw Object.assign(new Error("only say is known"), { line: i + 1, column: 1 });
  }
  return "export default " + JSON.stringify(lines.map((line) => upper(line.slice(4))).join() + " of " + options.filename);
}
`

func compiler(t *testing.T, files map[string]string) *Compiler {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	c := &Compiler{Module: filepath.Join(dir, "shout.js"), Dir: dir, Cache: filepath.Join(dir, "cache"), Log: os.Stderr}
	t.Cleanup(c.Close)
	return c
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCompile(t *testing.T) {
	c := compiler(t, map[string]string{
		"shout.js": shouting,
		"upper.js": "export const upper = (text) => text.toUpperCase();",
		"a.shout":  "say hello\nsay you\n",
	})
	const want = `export default "HELLO,YOU of a.shout"`
	file := filepath.Join(c.Dir, "a.shout")
	if code, err := c.Compile(file); err != nil || code != want {
		t.Fatalf("%q, %v", code, err)
	}
	if files := strings.Join(c.Files(), " "); !strings.Contains(files, "upper.js") {
		t.Errorf("files %s", files)
	}
	kept, err := filepath.Glob(filepath.Join(c.Cache, "*.js"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept is %q, %v", kept, err)
	}
	write(t, kept[0], "what was kept")
	c.Close()
	if code, err := c.Compile(file); err != nil || code != "what was kept" {
		t.Errorf("the second time: %q, %v", code, err)
	}
	// Another compiler makes something else of the same file.
	write(t, filepath.Join(c.Dir, "upper.js"), "export const upper = (text) => text;")
	c.Close()
	if code, err := c.Compile(file); err != nil || !strings.Contains(code, "hello,you") {
		t.Errorf("with another compiler: %q, %v", code, err)
	}
}

func TestResults(t *testing.T) {
	for result, want := range map[string]string{
		`"x"`:                                "x",
		`({ code: "x" })`:                    "x",
		`Promise.resolve({ js: "x" })`:       "x",
		`({ code: "x", map: {version: 3} })`: "x\n//# sourceMappingURL=data:application/json,%7B%22version%22%3A3%7D",
	} {
		c := compiler(t, map[string]string{"shout.js": "module.exports = { compile: () => " + result + " }", "a.shout": ""})
		if code, err := c.Compile(filepath.Join(c.Dir, "a.shout")); err != nil || code != want {
			t.Errorf("%s: %q, %v", result, code, err)
		}
	}
}

func TestMistakesOfFiles(t *testing.T) {
	c := compiler(t, map[string]string{"shout.js": shouting, "upper.js": "export const upper = String", "a.shout": "say a\nsing b\n"})
	_, err := c.Compile(filepath.Join(c.Dir, "a.shout"))
	if wrong, ok := errors.AsType[*bundle.CompileError](err); !ok || wrong.Text != "only say is known" || wrong.Line != 2 {
		t.Errorf("error %+v", err)
	}
}

func TestMistakesOfCompilers(t *testing.T) {
	for module, want := range map[string]string{
		"export const x = 1":                               "the loader shout.js: TypeError: it exports no function compile(source, options)",
		"export const compile = () => 1":                   "the loader shout.js: TypeError: compile returned no text",
		"export const compile = () => new Promise(String)": "the loader shout.js: its promise waits for something that never comes",
		"throw new Error('early')":                         "the loader shout.js: Error: early",
		"export const compile = (":                         "the loader: shout.js:1:25: Unexpected end of file",
	} {
		c := compiler(t, map[string]string{"shout.js": module, "a.shout": ""})
		_, err := c.Compile(filepath.Join(c.Dir, "a.shout"))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", module, err, want)
		}
		if _, again := c.Compile(filepath.Join(c.Dir, "a.shout")); again == nil {
			t.Errorf("%s: no error the second time", module)
		}
	}
}
