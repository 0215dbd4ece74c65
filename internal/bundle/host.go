package bundle

import (
	_ "embed"

	"github.com/evanw/esbuild/pkg/api"
)

// hostSource is the module "rip": what an app can do beyond the Web APIs.
//
//go:embed host.js
var hostSource string

// hostModule resolves the module "rip", also where a package has that name.
var hostModule = api.Plugin{Name: "rip", Setup: func(build api.PluginBuild) {
	const namespace = "rip"
	build.OnResolve(api.OnResolveOptions{Filter: `^rip$`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		return api.OnResolveResult{Path: "rip", Namespace: namespace}, nil
	})
	build.OnLoad(api.OnLoadOptions{Filter: `.`, Namespace: namespace}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
		return api.OnLoadResult{Contents: &hostSource, Loader: api.LoaderJS}, nil
	})
}}
