package runtimes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// goFiles finds the files that a Go app is built from. Asking the go command
// takes a tenth of a second and more, so what it said is remembered for as long
// as nothing changes that it depends on.
type goFiles struct {
	path string // of the app, symbolic links not resolved

	mu    sync.Mutex
	list  []string // nil = nothing is remembered
	shape string   // of the list
}

func (g *goFiles) files(ctx context.Context) ([]string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	dir, err := filepath.EvalSymlinks(g.path)
	if err != nil {
		return nil, err
	}
	if shape, _ := shapeOf(dir, g.list); g.list != nil && shape == g.shape {
		return slices.Clone(g.list), nil
	}
	g.list = nil
	began := time.Now()
	seen, err := listGo(ctx, dir)
	if err != nil {
		return nil, err
	}
	seen[g.path] = true // a link that points elsewhere is noticed
	list := slices.Sorted(maps.Keys(seen))
	shape, newest := shapeOf(dir, list)
	// What changed meanwhile may be in the shape and not in the list.
	if newest.Before(began.Add(-fileClock)) {
		g.list, g.shape = slices.Clone(list), shape
	}
	return list, nil
}

// goPackage is what go list tells of a package (go help list).
type goPackage struct {
	Dir        string // "" = not found
	ImportPath string
	Standard   bool
	Module     *goModule

	GoFiles, CgoFiles, IgnoredGoFiles          []string
	CFiles, CXXFiles, MFiles, HFiles, FFiles   []string
	SFiles, SwigFiles, SwigCXXFiles, SysoFiles []string
	IgnoredOtherFiles                          []string
	EmbedPatterns, EmbedFiles                  []string
}

type goModule struct {
	Path    string
	Dir     string
	Main    bool
	Version string
	GoMod   string
	Replace *goModule
}

const goListFields = "Dir,ImportPath,Standard,Module," +
	"GoFiles,CgoFiles,IgnoredGoFiles,CFiles,CXXFiles,MFiles,HFiles,FFiles," +
	"SFiles,SwigFiles,SwigCXXFiles,SysoFiles,IgnoredOtherFiles,EmbedPatterns,EmbedFiles"

// editable tells whether the files of a package are somebody's own: in the
// main module, in one of the workspace, or in a folder that replaces a module.
func (p *goPackage) editable() bool {
	m := p.Module
	if p.Standard || p.Dir == "" {
		return false
	}
	return m == nil || m.Main || m.Replace != nil && m.Replace.Version == ""
}

func (p *goPackage) files() []string {
	return slices.Concat(
		p.GoFiles, p.CgoFiles, p.IgnoredGoFiles, p.CFiles, p.CXXFiles, p.MFiles, p.HFiles, p.FFiles,
		p.SFiles, p.SwigFiles, p.SwigCXXFiles, p.SysoFiles, p.IgnoredOtherFiles, p.EmbedFiles,
	)
}

// listGo asks the go command for what a Go app is built from: the files and
// folders of its own packages, what they embed, and the module files that
// choose the other packages.
func listGo(ctx context.Context, dir string) (map[string]bool, error) {
	// With -e code that is broken is listed as far as it can be understood.
	out, err := goTool(ctx, dir, "list", "-e", "-deps", "-json="+goListFields, ".")
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool)
	modules := make(map[string]string) // own ones: their folders by their paths
	var missing []string
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var p goPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read what go list says: %w", err)
		}
		if p.Dir == "" {
			missing = append(missing, p.ImportPath)
		}
		if !p.editable() {
			continue
		}
		seen[p.Dir] = true
		for _, file := range p.files() {
			seen[absolute(p.Dir, file)] = true
		}
		for _, path := range embedded(p.Dir, p.EmbedPatterns) {
			seen[path] = true
		}
		if m := p.Module; m != nil {
			modules[m.Path] = m.Dir
			m.note(seen)
		}
	}
	// A package that is imported already may be written later.
	for _, path := range missing {
		for module, dir := range modules {
			if rest, ok := strings.CutPrefix(path, module+"/"); ok {
				seen[filepath.Join(dir, filepath.FromSlash(rest))] = true
			}
		}
	}
	work, err := goTool(ctx, dir, "env", "GOWORK")
	if err != nil {
		return nil, err
	}
	if file := strings.TrimSpace(string(work)); file != "" && file != "off" {
		seen[file] = true
		seen[file+".sum"] = true
	}
	return seen, nil
}

// note adds the files that choose the packages of a module. They need not be
// there.
func (m *goModule) note(seen map[string]bool) {
	if m.Main {
		seen[filepath.Join(m.Dir, "vendor", "modules.txt")] = true
	}
	if m.Replace != nil {
		m = m.Replace
	}
	if m.GoMod != "" {
		seen[m.GoMod] = true
		seen[strings.TrimSuffix(m.GoMod, ".mod")+".sum"] = true
	}
}

func absolute(dir, file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(dir, file)
}
