package compile

import (
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/rip-server/rip-server/internal/bundle"
)

// Build makes a bundle of an app of which some files may be in other languages:
// modules has the path of a compiler for the extension of each. What they made
// is kept in the cache folder. The compilers are loaded when they are needed
// and not kept: code changes rarely.
func Build(o bundle.Options, modules map[string]string, cache string) (*bundle.Bundle, error) {
	var compilers []*Compiler
	for _, ext := range slices.Sorted(maps.Keys(modules)) {
		c := &Compiler{Module: modules[ext], Dir: o.Dir, Cache: filepath.Join(cache, "compiled"), Log: os.Stderr}
		compilers = append(compilers, c)
		o.Loaders = append(o.Loaders, bundle.Loader{Extension: ext, Compile: c.Compile})
	}
	b, err := bundle.Build(o)
	for _, c := range compilers {
		b.Files = append(b.Files, c.Files()...)
		c.Close()
	}
	slices.Sort(b.Files)
	b.Files = slices.Compact(b.Files)
	return b, err
}
