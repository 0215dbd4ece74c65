package bundle

import (
	"path/filepath"
	"regexp"

	"github.com/evanw/esbuild/pkg/api"
)

// Loader turns files of another language into JavaScript.
type Loader struct {
	Extension string // with its dot
	Compile   func(path string) (code string, err error)
}

// loaders is the plugin of the loaders.
func (o Options) loaders(r *record) api.Plugin {
	return api.Plugin{Name: "loaders", Setup: func(build api.PluginBuild) {
		for _, l := range o.Loaders {
			filter := api.OnLoadOptions{Filter: regexp.QuoteMeta(l.Extension) + "$", Namespace: "file"}
			build.OnLoad(filter, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
				r.note(args.Path)
				code, err := l.Compile(args.Path)
				if err != nil {
					return api.OnLoadResult{}, err
				}
				return api.OnLoadResult{Contents: &code, Loader: api.LoaderJS, ResolveDir: filepath.Dir(args.Path)}, nil
			})
		}
	}}
}
