package bundle

import (
	"strings"
	"testing"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// run runs the script of a bundle and returns what the entry exports as its
// default.
func run(t *testing.T, dir, entry string) string {
	t.Helper()
	e, err := quickjs.New(quickjs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	code, _ := Split(build(t, dir, entry).Script)
	f, err := e.Eval(string(code), "bundle")
	if err != nil {
		t.Fatal(err)
	}
	host, err := e.Eval(`({ pid: 7, readFile: (path) => new Uint8Array([path.length]).buffer })`, "host")
	if err != nil {
		t.Fatal(err)
	}
	promise, err := e.Call(f, quickjs.Undefined, host)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.RunJobs(); err != nil {
		t.Fatal(err)
	}
	if promise.State() != quickjs.Fulfilled {
		t.Fatalf("%s: %s", promise.State(), promise.Result())
	}
	return promise.Result().Index(0).String()
}

func TestScript(t *testing.T) {
	t.Setenv("NODE_ENV", "")
	tests := []struct {
		name  string
		entry string
		files map[string]string
		want  string
	}{
		{"TypeScript", "index.ts", map[string]string{"index.ts": "enum E { A = 3 }\nclass C { constructor(readonly x: number) {} }\nexport default `${new C(E.A).x satisfies number}`"}, "3"},
		{"top-level await", "index.ts", map[string]string{
			"index.ts": "import { x } from './a'\nexport default await Promise.resolve(x + 'd')",
			"a.ts":     "export const x = await (async () => 'awaite')()"}, "awaited"},
		{"a dynamic import", "index.js", map[string]string{"index.js": "const { x } = await import('./a.js')\nexport default x", "a.js": "export const x = 'later'"}, "later"},
		{"CommonJS", "index.js", map[string]string{"index.js": "const { x } = require('./a')\nmodule.exports = x", "a.js": "exports.x = 'required'"}, "required"},
		{"a re-export", "index.ts", map[string]string{"index.ts": "export { default } from './a'", "a.ts": "export default 'from a'"}, "from a"},
		{"JSON", "index.ts", map[string]string{"index.ts": "import { a } from './a.json'\nexport default a", "a.json": `{"a": "json"}`}, "json"},
		{"text", "index.ts", map[string]string{"index.ts": "import a from './a.html'\nexport default a", "a.html": "<p>"}, "<p>"},
		{"JSX", "index.tsx", map[string]string{
			"index.tsx":     "export default <p id=\"1\">text</p>",
			"tsconfig.json": `{"compilerOptions": {"jsx": "react-jsx", "jsxImportSource": "./made"}}`,
			"made/jsx-runtime.ts": "export const jsx = (name: string, { id, children }: { id: string; children: string }) =>" +
				" `${name} ${id} ${children}`"}, "p 1 text"},
		{"paths of tsconfig.json", "index.ts", map[string]string{
			"index.ts": "import x from '@/lib'\nexport default x", "src/lib.ts": "export default 'aliased'",
			"tsconfig.json": `{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}`}, "aliased"},
		{"a package for workers", "index.ts", map[string]string{
			"index.ts":                    "import x from 'p'\nexport default x",
			"node_modules/p/package.json": `{"exports": {"worker": "./worker.js", "node": "./node.js"}}`,
			"node_modules/p/worker.js":    "export default 'for workers'"}, "for workers"},
		{"NODE_ENV", "index.ts", map[string]string{"index.ts": "export default process.env.NODE_ENV"}, "development"},
		{"import.meta", "lib/index.ts", map[string]string{
			"lib/index.ts": "import a from '../a.ts'\nexport default import.meta.url.split('/').slice(-2) + a", "a.ts": "export default import.meta.filename.slice(-4)"}, "lib,index.tsa.ts"},
		{"the module rip", "index.ts", map[string]string{"index.ts": "import { pid, readFile } from 'rip'\nexport default `${pid} ${readFile('four')[0]}`"}, "7 4"},
		{"strict mode", "index.js", map[string]string{"index.js": "export default (function () { return typeof this })()"}, "undefined"},
		{"what answers to every name", "index.ts", map[string]string{"index.ts": "export default new Proxy({}, { get: (_, name) => () => typeof name })"}, "symbol"},
		{"an odd name", `in"dex.ts`, map[string]string{`in"dex.ts`: "export default 'é'"}, "é"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := run(t, tree(t, test.files), test.entry); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestNodeEnv(t *testing.T) {
	t.Setenv("NODE_ENV", "test")
	if got := run(t, tree(t, map[string]string{"index.ts": "export default process.env.NODE_ENV"}), "index.ts"); got != "test" {
		t.Errorf("%q", got)
	}
}

// What a script throws has a place in the bundle that leads to the source.
func TestPositionOfError(t *testing.T) {
	dir := tree(t, map[string]string{"index.ts": "\n\nfunction fail(x: unknown): never {\n  throw new Error('here')\n}\nexport default (() => {\n  try { fail(1) } catch (e) { return (e as Error).stack }\n})()"})
	stack := run(t, dir, "index.ts")
	_, sourceMap := Split(build(t, dir, "index.ts").Script)
	positions, err := Read(sourceMap)
	if err != nil {
		t.Fatal(err)
	}
	if got := positions.Rewrite(stack, "bundle"); !strings.Contains(got, "at fail (index.ts:4:") || !strings.Contains(got, "(index.ts:7:") {
		t.Errorf("the stack is\n%s", got)
	}
}
