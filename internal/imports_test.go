// Package internal holds nothing but the test of the import table.
package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/rip-server/rip-server/"

// imports says which packages of this module each package may import. Two
// flows run through the program, requests (entry, sharedsocket, worker) and
// lifecycle (cli, config, server, manager), and they touch at the shared
// socket alone.
var imports = map[string][]string{
	"cmd/rip-server":        {"internal/cli"},
	"worker":                {"internal/wire", "internal/http1"},
	"internal/wire":         {},
	"internal/http1":        {},
	"internal/nowait":       {},
	"internal/sharedsocket": {"internal/wire", "internal/http1", "internal/nowait"},
	"internal/entry":        {"internal/sharedsocket", "internal/http1", "internal/accesslog", "internal/wire", "internal/nowait"},
	"internal/accesslog":    {},
	"internal/manager":      {"internal/sharedsocket", "internal/wire", "internal/nowait"},
	"internal/capsule":      {"internal/sharedsocket", "internal/manager"},
	"internal/runtimes":     {"internal/bundle", "internal/compile"},
	"internal/compile":      {"internal/bundle", "internal/quickjs", "internal/webapi", "internal/reload"},
	"internal/bundle":       {},
	"internal/quickjs":      {},
	"internal/webapi":       {"internal/quickjs"},
	"internal/jsworker":     {"worker", "internal/wire", "internal/quickjs", "internal/webapi", "internal/bundle", "internal/compile", "internal/reload"},
	"internal/reload":       {},
	"internal/control":      {},
	"internal/workercheck":  {"internal/sharedsocket", "internal/wire", "internal/http1"},
	"internal/config":       {},
	"internal/server": {
		"internal/accesslog", "internal/config", "internal/control", "internal/entry", "internal/manager",
		"internal/capsule", "internal/http1", "internal/reload", "internal/runtimes", "internal/sharedsocket",
	},
	"internal/cli": {"internal/config", "internal/server", "internal/control", "internal/capsule", "internal/runtimes", "internal/jsworker", "internal/workercheck", "internal/sharedsocket"},
}

// reasons explains the arrows that people are tempted to draw.
var reasons = map[string]string{
	"internal/entry -> internal/manager":    "a restart must be invisible to the entry: they meet at the shared socket",
	"internal/manager -> internal/entry":    "a restart must be invisible to the entry: they meet at the shared socket",
	"internal/manager -> internal/runtimes": "the manager starts what it is given: it takes a Launcher",
	"internal/entry -> internal/capsule":    "what dies is known where it dies: the shared socket and the manager tell the server's hooks",
	"internal/manager -> internal/capsule":  "the manager tells how a worker ended; what becomes of that is not its concern",
	"worker -> internal/sharedsocket":       "the SDK is the other side of the protocol: both know only wire and http1",
}

func TestImports(t *testing.T) {
	root := ".."
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		dir = filepath.ToSlash(dir)
		allowed, listed := imports[dir]
		if !listed {
			if strings.HasPrefix(dir, "internal") || strings.HasPrefix(dir, "cmd") {
				t.Errorf("%s is not in the import table", dir)
			}
			return nil
		}
		seen[dir] = true
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			to, own := strings.CutPrefix(name, module)
			if own && !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s: %s", path, to, because(dir, to))
			}
			if dir == "worker" && !own && strings.Contains(strings.Split(name, "/")[0], ".") {
				t.Errorf("%s imports %s: the SDK has no dependency beyond the standard library", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir := range imports {
		if _, err := os.Stat(filepath.Join(root, dir)); err == nil && !seen[dir] {
			t.Errorf("%s holds no Go files", dir)
		}
	}
}

func because(from, to string) string {
	if why, ok := reasons[from+" -> "+to]; ok {
		return why
	}
	return "the import table in internal/imports_test.go has no such arrow"
}
