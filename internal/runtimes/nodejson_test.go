package runtimes

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What a source file loads is found where it can be told.
func TestNodeLoadsJSON(t *testing.T) {
	dir := tree(t, map[string]string{
		"a.json": "", "b.json": "", "conf/dev.json": "", "conf/test.json": "", "conf/index.json": "", "both.js": "", "both.json": "",
		"data.json": "", "lib/x.json": "", "node_modules/p/p.json": "",
	})
	for code, want := range map[string]string{
		`const c = require('./a.json')`:                                        "a.json",
		`const c = require("./a").x, d = require ( './b' )`:                    "a.json b.json",
		`require('./both'); require('./lib'); require('./none'); require('a')`: "",
		`require('./conf')`:                                              "conf/index.json",
		`require('./to-come.json')`:                                      "to-come.json",
		`import c from './a.json' with { type: 'json' }`:                 "a.json",
		"import {\n x } from\n\"./a.json\"; export * from './b.json'":    "a.json b.json",
		`(await import('./a.json', { with: { type: 'json' } })).default`: "a.json",
		`const load = createRequire(import.meta.url); load('./a.json')`:  "a.json",
		`let $r = module.createRequire(__filename), c = $r('./a.json')`:  "a.json",
		`createRequire(import.meta.url)('./a.json')`:                     "a.json",
		`require(__dirname + '/lib/../lib/x.json')[env]`:                 "lib/x.json",
		`require(path.join(__dirname, 'lib') + '/x.json')`:               "lib/x.json",
		`require(path.join(__dirname, 'lib', "x.json"))`:                 "lib/x.json",
		"require(`${__dirname}/lib/x.json`)":                             "lib/x.json",
		"require(`./conf/${process.env.NODE_ENV}.json`)":                 "conf/dev.json conf/index.json conf/test.json",
		`require('./conf/' + name(1) + '.json')`:                         "conf/dev.json conf/index.json conf/test.json",
		`require('./conf/' + name + '.json')`:                            "conf/dev.json conf/index.json conf/test.json",
		`require('./node_modules/p/p.json'); require(name)`:              "",
		`fs.writeFileSync('./data.json', ''); from(x, './data.json')`:    "",
		`fs.readFileSync('./data.json'); read(__dirname + '/data.json')`: "",
	} {
		main := filepath.Join(dir, "main.js")
		write(t, main, code)
		var found []string
		for _, path := range loadsOf(main) {
			found = append(found, jsonFiles(path)...)
		}
		slices.Sort(found)
		if got := strings.Join(relative(dir, found), " "); got != want {
			t.Errorf("%s: found %q, want %q", code, got, want)
		}
	}
}

// The list is found out anew when a source has changed.
func TestNodeSources(t *testing.T) {
	dir := tree(t, map[string]string{"server.js": "require('./a.json')", "a.json": "", "b.json": "", "c.json": ""})
	a := detect(t, dir, Options{Kind: "node"})
	for code, want := range map[string]string{
		"require('./a.json')":            ". server.js a.json",
		"require('./b.json') // another": ". server.js b.json",
	} {
		write(t, filepath.Join(dir, "server.js"), code)
		for range 2 {
			if got := strings.Join(relative(dir, filesOf(t, a)), " "); got != want {
				t.Errorf("%s: got %q, want %q", code, got, want)
			}
		}
	}
}
