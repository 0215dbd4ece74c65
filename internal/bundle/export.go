package bundle

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/evanw/esbuild/pkg/api"
)

// exportDefault finds a default export where the code does not parse.
var exportDefault = regexp.MustCompile(`(?m)^\s*export\s+default\b|^\s*export\s*\{[^}]*\bas\s+default\b`)

// HasDefaultExport tells whether a file is an ECMAScript module that exports
// something as its default. Nothing else is read.
func HasDefaultExport(path string) bool {
	result := api.Build(api.BuildOptions{
		AbsWorkingDir: filepath.Dir(path),
		EntryPoints:   []string{path},
		Outdir:        filepath.Dir(path),
		Loader:        map[string]api.Loader{".js": api.LoaderJSX, ".mjs": api.LoaderJSX},
		LogLevel:      api.LogLevelSilent,
		Metafile:      true,
	})
	if len(result.Errors) > 0 {
		text, _ := os.ReadFile(path)
		return exportDefault.Match(text)
	}
	var m struct {
		Outputs map[string]struct {
			Exports []string `json:"exports"`
		} `json:"outputs"`
	}
	if json.Unmarshal([]byte(result.Metafile), &m) != nil {
		return false
	}
	for _, out := range m.Outputs {
		if slices.Contains(out.Exports, "default") {
			return true
		}
	}
	return false
}
