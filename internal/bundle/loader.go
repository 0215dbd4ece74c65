package bundle

import (
	"errors"
	"path/filepath"
	"regexp"

	"github.com/evanw/esbuild/pkg/api"
)

// Loader turns files of another language into JavaScript.
type Loader struct {
	Extension string // with its dot

	// Compile returns the code for a file, perhaps with a source map at its end.
	// It is called from several goroutines.
	Compile func(path string) (code string, err error)
}

// CompileError is what a compiler says of a file.
type CompileError struct {
	Text         string
	Line, Column int // from 1, 0 = not known
}

func (e *CompileError) Error() string { return e.Text }

// loaders is the plugin of the loaders.
func (o Options) loaders(r *record) api.Plugin {
	return api.Plugin{Name: "loaders", Setup: func(build api.PluginBuild) {
		for _, l := range o.Loaders {
			filter := api.OnLoadOptions{Filter: regexp.QuoteMeta(l.Extension) + "$", Namespace: "file"}
			build.OnLoad(filter, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
				r.note(args.Path)
				code, err := l.Compile(args.Path)
				if wrong, ok := errors.AsType[*CompileError](err); ok {
					return api.OnLoadResult{Errors: []api.Message{wrong.message(o.Dir, args.Path)}}, nil
				}
				if err != nil {
					return api.OnLoadResult{}, err
				}
				return api.OnLoadResult{Contents: &code, Loader: api.LoaderJS, ResolveDir: filepath.Dir(args.Path)}, nil
			})
		}
	}}
}

func (e *CompileError) message(dir, path string) api.Message {
	name, err := filepath.Rel(dir, path)
	if err != nil {
		name = path
	}
	line := max(e.Line, 1)
	return api.Message{Text: e.Text, Location: &api.Location{
		File: name, Line: line, Column: max(e.Column, 1) - 1, LineText: lineOf(path, line),
	}}
}
