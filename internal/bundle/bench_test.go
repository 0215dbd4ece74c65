package bundle

import (
	"os"
	"path/filepath"
	"testing"
)

// What a save costs before workers start.
func BenchmarkBuild(b *testing.B) {
	for _, app := range []struct{ name, entry string }{{"hello-ts", "index.ts"}, {"lab-ts", "index.ts"}, {"hono", "index.tsx"}} {
		b.Run(app.name, func(b *testing.B) {
			dir, err := filepath.Abs("../../examples/" + app.name)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil && app.name == "hono" {
				b.Skip("its packages are not installed")
			}
			for b.Loop() {
				if _, err := Build(Options{Dir: dir, Entry: app.entry}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
