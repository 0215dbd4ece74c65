// Package bundle makes one script of a JavaScript or TypeScript app and of the
// packages that it imports, for the engine of internal/jsworker.
package bundle

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/evanw/esbuild/pkg/api"
)

// Extensions are those of files that may be imported without them, in the order
// in which they are looked for.
var Extensions = []string{".ts", ".tsx", ".mts", ".jsx", ".js", ".mjs", ".cjs", ".json"}

// Options say what to bundle.
type Options struct {
	Dir     string // the folder of the app, absolute, without symbolic links
	Entry   string // the file to start with, as seen from Dir
	Env     string // see NodeEnv
	Loaders []Loader

	// Everything makes the script return all that the entry exports, as one
	// object, instead of its default.
	Everything bool
}

// Bundle is a script that evaluates to one function. The function takes what
// the module "rip" is made of, and returns a promise of an array with one
// element, what the entry exports as its default: by itself it might be taken for
// a promise (some routers answer to every name). The last line of the script is its source map, see Split.
type Bundle struct {
	Script []byte // nil when it could not be made

	// Files are what the script was made from, also when it could not be: files,
	// some of which need not exist, folders, and patterns of filepath.Glob. What
	// is in a folder node_modules is left out, except for the notes of those who
	// write such folders.
	Files []string
}

// The script around the code of the app. Modules are bundled into one that
// exports nothing, so that its text may stand in a function, where top-level
// await is allowed.
const (
	banner = `(async function(` + hostName + `){"use strict";let ` + appName + `;`
	footer = `return[` + appName + `]})`

	hostName = "__rip_host__"
	appName  = "__rip_app__"
)

// startName is the name of the module that the bundle starts with. It is no
// file.
const startName = "<start>"

// Build makes a bundle. The error is an *Error when something is wrong with the
// code; then the bundle has its files all the same.
func Build(o Options) (*Bundle, error) {
	r := &record{dir: o.Dir}
	r.note(filepath.Join(o.Dir, o.Entry))
	imported := "app"
	if o.Everything {
		imported = "* as app"
	}
	start := fmt.Sprintf("import %s from %s;\n%s = app;\n", imported, quote("./"+filepath.ToSlash(o.Entry)), appName)
	options := options(o)
	options.Stdin = &api.StdinOptions{Contents: start, ResolveDir: o.Dir, Sourcefile: startName, Loader: api.LoaderJS}
	options.Plugins = []api.Plugin{hostModule, o.loaders(r), r.plugin()}
	result := api.Build(options)
	r.failed(result.Errors)
	b := &Bundle{Files: r.files()}
	if len(result.Errors) > 0 {
		return b, newError(o, result.Errors)
	}
	for _, file := range result.OutputFiles {
		b.Script = file.Contents
	}
	return b, nil
}

func options(o Options) api.BuildOptions {
	loaders := map[string]api.Loader{".js": api.LoaderJSX, ".mjs": api.LoaderJSX}
	for _, ext := range []string{".txt", ".html", ".css", ".md", ".sql", ".svg"} {
		loaders[ext] = api.LoaderText
	}
	for _, ext := range []string{".bin", ".png", ".jpg", ".gif", ".ico", ".woff2"} {
		loaders[ext] = api.LoaderBinary
	}
	extensions := Extensions
	for _, l := range o.Loaders {
		extensions = append(extensions[:len(extensions):len(extensions)], l.Extension)
	}
	return api.BuildOptions{
		AbsWorkingDir:     o.Dir,
		Outdir:            o.Dir, // nothing is written there, paths in the map are relative to it
		Bundle:            true,
		Format:            api.FormatESModule,
		Platform:          api.PlatformBrowser,
		Target:            api.ES2023,
		Conditions:        []string{"worker"},
		ResolveExtensions: extensions,
		Loader:            loaders,
		JSX:               api.JSXAutomatic,
		Sourcemap:         api.SourceMapInline,
		SourcesContent:    api.SourcesContentExclude,
		LegalComments:     api.LegalCommentsNone,
		LogLevel:          api.LogLevelSilent,
		Banner:            map[string]string{"js": banner},
		Footer:            map[string]string{"js": footer},
		Define: map[string]string{
			"process.env.NODE_ENV": quote(NodeEnv(o.Env)),
			"global":               "globalThis",
			"import.meta":          metaName,
		},
	}
}

// NodeEnv returns what process.env.NODE_ENV is, in the code of packages above
// all: what the environment says, else "development" or "production" as the
// server was told.
func NodeEnv(env string) string {
	if said := os.Getenv("NODE_ENV"); said != "" {
		return said
	}
	return env
}

// quote writes a text as a literal of JavaScript. Paths and names are printable
// for the most part; what Go escapes in them JavaScript reads alike.
func quote(text string) string { return strconv.QuoteToASCII(text) }
