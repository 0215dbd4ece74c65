// Package webapi gives an engine the APIs of the web: what is written in
// JavaScript lies in js, what it needs of Go beside it.
package webapi

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// The files of js run when an engine starts, in the order of their names.
// Those of a folder in it are a group (rip.load in 00-core.js): they are
// compiled when an app touches one of the names that the group has.
//
//go:embed js
var scripts embed.FS

// Install makes the APIs globals of an engine, and takes __host away from
// them. It returns the object __rip of the scripts, with the functions that a
// worker needs (js/28-glue.js); apps cannot reach it.
func Install(e *quickjs.Engine, o Options) (quickjs.Value, error) {
	rip, err := e.Eval("({})", "webapi")
	if err != nil {
		return quickjs.Undefined, err
	}
	host := e.Global().Get("__host")
	for name, f := range o.host(e) {
		if err := e.Host(name, f); err != nil {
			return quickjs.Undefined, err
		}
	}
	evaluate, err := e.Function("evaluate", func(args []quickjs.Value) (any, error) {
		return nil, runGroup(e, rip, host, path.Join("js", args[0].String()))
	})
	if err != nil {
		return quickjs.Undefined, err
	}
	if err := rip.Set("evaluate", evaluate); err != nil {
		return quickjs.Undefined, err
	}
	if err := runGroup(e, rip, host, "js"); err != nil {
		return quickjs.Undefined, err
	}
	if _, err := e.Eval("delete globalThis.__host", "webapi"); err != nil {
		return quickjs.Undefined, err
	}
	o.Loop.serve(e, rip, o.Failed)
	return rip, nil
}

// runGroup runs the files of a folder.
func runGroup(e *quickjs.Engine, rip, host quickjs.Value, folder string) error {
	entries, err := fs.ReadDir(scripts, folder)
	if err != nil {
		return fmt.Errorf("web API group %q: %w", folder, err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		file := path.Join(folder, entry.Name())
		text, err := fs.ReadFile(scripts, file)
		if err != nil {
			return err
		}
		// No line break before the text: its lines keep their numbers.
		f, err := e.Eval(`(function (__rip, __host) { "use strict"; `+string(text)+"\n})", "rip:"+strings.TrimPrefix(file, "js/"))
		if err != nil {
			return fmt.Errorf("web API %q: %w", file, err)
		}
		result, err := e.Call(f, quickjs.Undefined, rip, host)
		f.Free()
		if err != nil {
			return fmt.Errorf("web API %q: %w", file, err)
		}
		result.Free()
	}
	return nil
}
