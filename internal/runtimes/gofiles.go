package runtimes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// goPackage is what go list tells of a package (go help list).
type goPackage struct {
	Dir      string
	Standard bool
	Module   *goModule

	GoFiles, CgoFiles, IgnoredGoFiles          []string
	CFiles, CXXFiles, MFiles, HFiles, FFiles   []string
	SFiles, SwigFiles, SwigCXXFiles, SysoFiles []string
	IgnoredOtherFiles, EmbedFiles              []string
}

type goModule struct {
	Main    bool
	Version string
	GoMod   string
	Replace *goModule
}

const goListFields = "Dir,Standard,Module," +
	"GoFiles,CgoFiles,IgnoredGoFiles,CFiles,CXXFiles,MFiles,HFiles,FFiles," +
	"SFiles,SwigFiles,SwigCXXFiles,SysoFiles,IgnoredOtherFiles,EmbedFiles"

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

// listGo returns the files that a Go app is built from: those of its own
// packages, embedded ones, and the module files that choose the others.
func listGo(ctx context.Context, path string) ([]string, error) {
	dir, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	// With -e code that is broken is listed as far as it can be understood.
	out, err := goTool(ctx, dir, "list", "-e", "-deps", "-json="+goListFields, ".")
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool)
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
		if !p.editable() {
			continue
		}
		for _, file := range p.files() {
			seen[absolute(p.Dir, file)] = true
		}
		if m := p.Module; m != nil {
			if m.Replace != nil {
				m = m.Replace
			}
			note(seen, m.GoMod)
			note(seen, strings.TrimSuffix(m.GoMod, ".mod")+".sum")
		}
	}
	work, err := goTool(ctx, dir, "env", "GOWORK")
	if err != nil {
		return nil, err
	}
	if file := strings.TrimSpace(string(work)); file != "" && file != "off" {
		note(seen, file)
		note(seen, file+".sum")
	}
	files := make([]string, 0, len(seen))
	for file := range seen {
		files = append(files, file)
	}
	slices.Sort(files)
	return files, nil
}

// note adds a file that may not exist.
func note(seen map[string]bool, file string) {
	if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
		seen[file] = true
	}
}

func absolute(dir, file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(dir, file)
}
