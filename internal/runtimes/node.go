package runtimes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// nodeFiles are the files that hold the app of a folder whose package.json
// names none, the first one that is there.
var nodeFiles = []string{"server.js", "server.mjs", "server.cjs", "index.js", "index.mjs", "index.cjs"}

// typedNodeFiles are such files where Node was asked for, see leastTypedNode.
var typedNodeFiles = []string{"server.ts", "server.mts", "index.ts", "index.mts"}

// A Node app is a folder whose package.json names a file to start, one with one
// of these files, or such a file itself. An entry names another file. It is run
// by node as it is, with the shim loaded before it.
func detectNode(a *App, info fs.FileInfo, o Options) (bool, string) {
	var words []string
	why := a.notEmbedded
	switch {
	case !info.IsDir() && (!nodeFile(a.Path) && o.Kind == "" || o.Entry != ""):
		return false, ""
	case !info.IsDir():
		words = []string{filepath.Base(a.Path)}
	case o.Entry != "":
		words = []string{o.Entry}
		if !isFile(filepath.Join(a.Path, o.Entry)) || o.Kind == "" && !nodeFile(o.Entry) {
			return false, "there is no file for the entry " + o.Entry
		}
	default:
		var remark, because string
		if words, because, remark = startOfNode(a.Path); words == nil {
			if words = typedStart(a.Path, o); words == nil {
				return false, remark
			}
		}
		if because != "" {
			why = because
		}
	}
	if o.Kind != "" {
		why = "it was asked for"
	}
	a.Why = why
	a.Entry = strings.Join(words, " ")
	a.ReadTimeout = 250 * time.Millisecond // see shims/node/rip_worker/loop.cjs
	a.prepare = func(ctx context.Context) (*Build, error) { return prepareNode(ctx, a, words, o) }
	a.files = (&nodeSources{app: a}).files
	return true, ""
}

// startOfNode returns what comes after node on the command line of the app in a
// folder, nil when it holds none: what "npm start" would run, the main file of
// package.json, or a file with one of the usual names. because says what tells
// that Node runs it, "" when that takes more than a name.
func startOfNode(dir string) (words []string, because, remark string) {
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err == nil {
		var p struct {
			Main    string            `json:"main"`
			Scripts map[string]string `json:"scripts"`
		}
		if err := json.Unmarshal(text, &p); err != nil {
			return nil, "", "package.json is malformed: " + err.Error()
		}
		if words := startWords(dir, p.Scripts["start"]); words != nil {
			return words, "the start script of package.json is for node", ""
		}
		if p.Main != "" && isFile(filepath.Join(dir, p.Main)) {
			return []string{filepath.Clean(p.Main)}, "package.json names it as main", ""
		}
		remark = "package.json names no file to start"
	}
	for _, name := range nodeFiles {
		if isFile(filepath.Join(dir, name)) {
			if slices.Contains(javascriptFiles, name) {
				return []string{name}, "", ""
			}
			return []string{name}, "it is named " + name, ""
		}
	}
	return nil, "", remark
}

// typedStart returns the file of TypeScript that Node is to run, when it was
// asked to.
func typedStart(dir string, o Options) []string {
	for _, name := range typedNodeFiles {
		if o.Kind == "node" && isFile(filepath.Join(dir, name)) {
			return []string{name}
		}
	}
	return nil
}

// startWords returns the words of a start script without its first one, nil
// when it is not simply node with a file.
func startWords(dir, script string) []string {
	words := strings.Fields(script)
	if len(words) < 2 || words[0] != "node" || strings.ContainsAny(script, "&|;<>$`'\"\\*?(){}") {
		return nil
	}
	words = words[1:]
	for i := 0; i < len(words); i++ {
		switch word := words[i]; {
		case slices.Contains(nodeFlagsWithValue, word):
			i++
		case strings.HasPrefix(word, "--watch"):
			return nil // changes are the server's affair
		case strings.HasPrefix(word, "-"):
		case isFile(filepath.Join(dir, word)):
			return words
		case isFile(filepath.Join(dir, word+".js")):
			words[i] += ".js"
			return words
		default:
			return nil
		}
	}
	return nil
}

// nodeFlagsWithValue are options of node whose value is a word of its own.
var nodeFlagsWithValue = []string{"-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions"}

func nodeFile(name string) bool {
	return slices.Contains([]string{".js", ".mjs", ".cjs"}, filepath.Ext(name))
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func prepareNode(ctx context.Context, a *App, words []string, o Options) (*Build, error) {
	dir, err := filepath.EvalSymlinks(a.Dir)
	if err != nil {
		return nil, err
	}
	program, typed, err := findNode(ctx, dir, o.Node)
	if err != nil {
		return nil, err
	}
	if !typed && len(words) == 1 && !nodeFile(words[0]) && filepath.Ext(words[0]) != "" {
		return nil, fmt.Errorf("%s runs no TypeScript: Node.js %s does (name it with --node=PATH), and --kind=javascript runs %s in the embedded engine", program, leastTypedNode, words[0])
	}
	if o.CacheDir == "" {
		return nil, errors.New("a Node app needs a cache folder")
	}
	shim, err := shim("node", o.CacheDir)
	if err != nil {
		return nil, err
	}
	args := append([]string{"--require", filepath.Join(shim, "rip.cjs")}, words...)
	return &Build{Dir: dir, program: program, args: args}, nil
}
