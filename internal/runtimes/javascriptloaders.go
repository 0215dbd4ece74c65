package runtimes

import "github.com/rip-server/rip-server/internal/bundle"

func (o Options) extensions() []string { return nil }

func (o Options) loaders() []bundle.Loader { return nil }
