package bundle

import (
	"bytes"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// record is what a build asked for. esbuild tells of it only when the build
// went well, and what is missing matters as much.
type record struct {
	dir string

	mu   sync.Mutex
	seen map[string]bool
}

func (r *record) note(path string) {
	if foreign(path) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen == nil {
		r.seen = make(map[string]bool)
	}
	r.seen[path] = true
}

// foreign tells whether a file belongs to a package of others.
func foreign(path string) bool {
	return strings.Contains(filepath.ToSlash(path), "/node_modules/")
}

// metaName stands for import.meta, which is a syntax error in a function.
const metaName = "__rip_meta__"

// plugin notes each file that is read. To those that use import.meta it adds
// what that is there.
func (r *record) plugin() api.Plugin {
	return api.Plugin{Name: "record", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `.`, Namespace: "file"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			r.note(args.Path)
			loader, isCode := codeLoader(args.Path)
			if !isCode {
				return api.OnLoadResult{}, nil
			}
			text, err := os.ReadFile(args.Path)
			if err != nil || !bytes.Contains(text, []byte("import.meta")) {
				return api.OnLoadResult{}, nil // esbuild says what is wrong
			}
			contents := withMeta(args.Path, string(text))
			return api.OnLoadResult{Contents: &contents, Loader: loader}, nil
		})
	}}
}

func codeLoader(path string) (api.Loader, bool) {
	switch filepath.Ext(path) {
	case ".js", ".mjs", ".cjs", ".jsx":
		return api.LoaderJSX, true
	case ".ts", ".mts", ".cts":
		return api.LoaderTS, true
	case ".tsx":
		return api.LoaderTSX, true
	}
	return api.LoaderNone, false
}

// withMeta declares what stands for import.meta in a module, in its first line
// so that the numbers of lines stay.
func withMeta(path, text string) string {
	location := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	meta := "const " + metaName + "={url:" + quote(location.String()) +
		",filename:" + quote(path) + ",dirname:" + quote(filepath.Dir(path)) + "};"
	if strings.HasPrefix(text, "#!") {
		_, rest, _ := strings.Cut(text, "\n")
		return meta + "\n" + rest
	}
	return meta + text
}

// unresolved is how esbuild says that there is no such file.
var unresolved = regexp.MustCompile(`^Could not resolve "(.*)"$`)

// failed notes where the files would be that were not found.
func (r *record) failed(errors []api.Message) {
	for _, m := range errors {
		found := unresolved.FindStringSubmatch(m.Text)
		if found == nil || m.Location == nil || m.Location.File == startName {
			continue
		}
		name := found[1]
		if !strings.HasPrefix(name, ".") && !filepath.IsAbs(name) {
			continue // a package: the lock file tells
		}
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(r.dir, filepath.Dir(m.Location.File), name)
		}
		r.note(path)
		r.note(strings.TrimSuffix(path, filepath.Ext(path)) + ".*") // x.js may be written as x.ts
		r.note(path + ".*")
		r.note(filepath.Join(path, "index.*"))
	}
}

// lockFiles change when the packages do, which are not looked at themselves.
var lockFiles = []string{
	"package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
	"node_modules/.package-lock.json", "node_modules/.modules.yaml", "node_modules/.yarn-state.yml", "node_modules/.yarn-integrity",
}

// files returns what to watch.
func (r *record) files() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := maps.Clone(r.seen)
	for path := range r.seen {
		if strings.ContainsAny(path, "*?[") {
			continue
		}
		// A new file may take the place of one that was found after it.
		list[filepath.Dir(path)] = true
	}
	for dir := range maps.Clone(list) {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			continue
		}
		list[filepath.Join(dir, "tsconfig.json")] = true
	}
	for dir := r.dir; ; dir = filepath.Dir(dir) {
		_, err := os.Stat(filepath.Join(dir, "package.json"))
		if err == nil || dir == r.dir {
			for _, name := range lockFiles {
				list[filepath.Join(dir, name)] = true
			}
			list[filepath.Join(dir, "tsconfig.json")] = true
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return slices.Sorted(maps.Keys(list))
}
