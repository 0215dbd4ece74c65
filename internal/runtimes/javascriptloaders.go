package runtimes

import (
	"maps"
	"slices"

	"github.com/rip-server/rip-server/internal/bundle"
	"github.com/rip-server/rip-server/internal/compile"
)

// extensions are those of the languages that have a loader.
func (o Options) extensions() []string { return slices.Sorted(maps.Keys(o.Loaders)) }

// bundle makes a bundle of an app in a folder.
func (o Options) bundle(dir, entry string) (*bundle.Bundle, error) {
	return compile.Build(bundle.Options{Dir: dir, Entry: entry, Env: o.Env}, o.Loaders, o.CacheDir)
}

// workerArgs are what a worker gets beside the script, to make it anew.
func (o Options) workerArgs(entry string) []string {
	args := []string{entry, o.CacheDir}
	for _, ext := range o.extensions() {
		args = append(args, ext+"="+o.Loaders[ext])
	}
	return args
}
