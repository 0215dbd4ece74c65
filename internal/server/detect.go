package server

import (
	"github.com/rip-server/rip-server/internal/config"
	"github.com/rip-server/rip-server/internal/runtimes"
)

// Detect finds out what kind of app the configuration leads to.
func Detect(cfg *config.Config) (*runtimes.App, error) {
	app, err := runtimes.Detect(cfg.Path, runtimes.Options{
		Kind: cfg.Kind, Entry: cfg.Entry, Command: cfg.Command, Exec: cfg.Exec, Python: cfg.Python, Node: cfg.Node,
		Env: cfg.Env, Loaders: cfg.Loaders, CacheDir: cfg.CacheDir,
	})
	if err != nil {
		return nil, &config.Problem{Text: err.Error(), Hint: "give the folder of an app, or its file; docs: README.md"}
	}
	return app, nil
}
