package runtimes

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// nodeSources lists the files of an app of Node: its sources, and the JSON files
// that these load. Other JSON files may be what the app writes.
type nodeSources struct {
	app *App

	mu   sync.Mutex
	read map[string]nodeSource
}

// nodeSource is what was found in a source file when it looked like this.
type nodeSource struct {
	modified time.Time
	size     int64
	loads    []string // what modulePath returned, JSON or not
}

func (n *nodeSources) files(ctx context.Context) ([]string, error) {
	list, err := n.app.sources(ctx)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	then := n.read
	n.read = make(map[string]nodeSource)
	var found []string
	for _, file := range list {
		info, err := os.Stat(file)
		if err != nil || !info.Mode().IsRegular() || !slices.Contains(sourcesOfNode, filepath.Ext(file)) {
			continue
		}
		s, known := then[file]
		if !known || !s.modified.Equal(info.ModTime()) || s.size != info.Size() {
			s = nodeSource{info.ModTime(), info.Size(), loadsOf(file)}
		}
		n.read[file] = s
		for _, path := range s.loads {
			found = append(found, jsonFiles(path)...)
		}
	}
	slices.Sort(found)
	return append(list, slices.Compact(found)...), nil
}

var sourcesOfNode = []string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"}

// What stands before the name of a module. Each begins with a text to look for,
// which makes them quick.
var (
	loaders = []*regexp.Regexp{
		regexp.MustCompile(`from\s*`),
		regexp.MustCompile(`import\s*\(`),
		regexp.MustCompile(`require\s*\(`),
		regexp.MustCompile(`createRequire\s*\([^()]*\)\s*\(`),
	}
	required = regexp.MustCompile(`([\w$]+)\s*=\s*(?:[\w$]+\.)?createRequire\s*\(`) // require by a name of its own
)

// farthest is how many bytes of an expression for the name of a module are read.
const farthest = 300

// loadsOf returns the paths of the modules that a source file loads, as far as
// they can be told without running it, and may be JSON.
func loadsOf(file string) (paths []string) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil // it is gone
	}
	before := slices.Clone(loaders)
	if bytes.Contains(text, []byte("createRequire")) {
		for _, match := range required.FindAllSubmatch(text, -1) {
			before = append(before, regexp.MustCompile(regexp.QuoteMeta(string(match[1]))+`\s*\(`))
		}
	}
	for _, loader := range before {
		for _, at := range loader.FindAllIndex(text, -1) {
			expression := text[at[1]:min(at[1]+farthest, len(text))]
			if path := modulePath(string(expression), filepath.Dir(file)); path != "" && !slices.Contains(paths, path) {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// anything stands in a path for what only running the code can tell.
const anything = "\x00"

var (
	tokens = regexp.MustCompile("'[^'\\\\\n]*'|\"[^\"\\\\\n]*\"|`[^`\\\\]*`|[\\w$.]+|\\S")
	values = regexp.MustCompile(`\$\{[^}]*\}`) // in a template
)

// modulePath returns the path that the expression at the beginning of a text
// stands for, "" when that cannot be JSON: a package, code, what cannot be told.
// It knows strings, templates, __dirname, + and path.join.
func modulePath(text, dir string) string {
	var b strings.Builder
	depth, operand := 0, false // operand: one has ended
	for at := tokens.FindStringIndex(text); at != nil; at = tokens.FindStringIndex(text) {
		token := text[at[0]:at[1]]
		text = text[at[1]:]
		if depth == 0 && (token == ")" || operand && token != "+" && token != "(") {
			break
		}
		operand = false
		switch token {
		case "(":
			depth++
		case ")":
			depth--
			operand = true
		case "+", "path.join", "path.resolve", "join", "resolve":
		case ",":
			b.WriteString("/")
		default:
			operand = true
			b.WriteString(valueOf(token, dir))
		}
	}
	path := b.String()
	if strings.HasPrefix(path, "./") || strings.HasPrefix(path, "../") {
		path = filepath.Join(dir, path)
	}
	extension := filepath.Ext(path)
	if !filepath.IsAbs(path) || slices.Contains(sourcesOfNode, extension) ||
		strings.Contains(path, anything) && extension != ".json" || strings.Contains(path, "/node_modules/") {
		return ""
	}
	return filepath.Clean(path)
}

// valueOf returns what an operand stands for.
func valueOf(token, dir string) string {
	switch quote := token[0]; {
	case token == "__dirname", token == "import.meta.dirname":
		return dir
	case len(token) < 2:
	case quote == '\'', quote == '"':
		return token[1 : len(token)-1]
	case quote == '`':
		return values.ReplaceAllStringFunc(token[1:len(token)-1], func(value string) string {
			if value == "${__dirname}" || value == "${import.meta.dirname}" {
				return dir
			}
			return anything
		})
	}
	return anything
}

// jsonFiles returns the JSON files that node loads for a path. One that is named
// as such need not exist.
func jsonFiles(path string) []string {
	if strings.Contains(path, anything) {
		matches, _ := filepath.Glob(strings.ReplaceAll(literal(path), anything, "*"))
		return matches
	}
	if filepath.Ext(path) == ".json" {
		return []string{path}
	}
	for _, end := range []string{"", ".js", ".json", "/index.js", "/index.json"} {
		if isFile(path + end) {
			if filepath.Ext(end) == ".json" {
				return []string{path + end}
			}
			break
		}
	}
	return nil
}
