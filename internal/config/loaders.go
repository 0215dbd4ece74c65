package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

// builtinExtensions are those of files that need no loader.
var builtinExtensions = []string{".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"}

var extensionForm = regexp.MustCompile(`^\.[0-9A-Za-z_-]+$`)

// loaders reads the table of the modules that compile files of other languages
// to JavaScript.
func loaders() kind {
	return kind{
		form:    "{EXTENSION = MODULE, …}",
		allowed: `a table: [loaders] and in the next line ".coffee" = "coffeescript.js"`,
		table:   true,
		set: func(c *Config, v value) error {
			if v.table == nil {
				return errors.New("not a table")
			}
			c.Loaders = map[string]string{}
			for _, ext := range slices.Sorted(maps.Keys(v.table)) {
				switch {
				case !strings.HasPrefix(ext, "."):
					return &mistake{show(ext) + " does not begin with a dot", "write " + show("."+strings.TrimLeft(ext, "*/."))}
				case !extensionForm.MatchString(ext):
					return fmt.Errorf("%s is not the extension of a file", show(ext))
				case slices.Contains(builtinExtensions, ext):
					return &mistake{"files with " + ext + " need no loader", "leave it out"}
				}
				module := absolute(v.dir, v.table[ext])
				if info, err := os.Stat(module); err != nil || !info.Mode().IsRegular() {
					return &mistake{fmt.Sprintf("%s of %s is not a file", show(v.table[ext]), ext), "looked for " + show(module)}
				}
				c.Loaders[ext] = module
			}
			return nil
		},
	}
}
