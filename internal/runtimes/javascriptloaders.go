package runtimes

import (
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/rip-server/rip-server/internal/bundle"
	"github.com/rip-server/rip-server/internal/compile"
)

// extensions are those of the languages that have a loader.
func (o Options) extensions() []string { return slices.Sorted(maps.Keys(o.Loaders)) }

// bundle makes a bundle of an app in a folder. The compilers of the loaders are
// loaded when they are needed and not kept: code changes rarely, and what they
// made is kept.
func (o Options) bundle(dir, entry string) (*bundle.Bundle, error) {
	var compilers []*compile.Compiler
	options := bundle.Options{Dir: dir, Entry: entry, Env: o.Env}
	for _, ext := range o.extensions() {
		c := &compile.Compiler{Module: o.Loaders[ext], Dir: dir, Cache: filepath.Join(o.CacheDir, "compiled"), Log: os.Stderr}
		compilers = append(compilers, c)
		options.Loaders = append(options.Loaders, bundle.Loader{Extension: ext, Compile: c.Compile})
	}
	b, err := bundle.Build(options)
	for _, c := range compilers {
		b.Files = append(b.Files, c.Files()...)
		c.Close()
	}
	slices.Sort(b.Files)
	b.Files = slices.Compact(b.Files)
	return b, err
}
