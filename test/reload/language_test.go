package reload

import (
	"fmt"
	"path/filepath"
	"strings"
)

// language is how the app of code is written.
type language struct {
	begin func(c *code) // writes what never changes

	main, mainText     string // a file and its text with %d for its version
	nested, nestedText string
	manyName, manyText string // of each of many files
	saveExtra          func(c *code)

	dies          string // a statement
	module, space string // a file that counts, and what means nothing at its end
}

// fastLink leaves out what only a debugger reads, which makes a build shorter.
const fastLink = "GOFLAGS=-ldflags=-w"

var golang = &language{
	begin: func(c *code) {
		root, err := filepath.Abs("../..")
		if err != nil {
			c.t.Fatal(err)
		}
		c.write("go.mod", fmt.Sprintf(`module example.com/app

go 1.26.0

require github.com/rip-server/rip-server v0.0.0

replace github.com/rip-server/rip-server => %s
`, root))
		c.write("app.go", `package main

import (
	"embed"
	"fmt"
	"log"
	"net/http"
	"os"

	"example.com/app/many"
	"example.com/app/nested"
	"github.com/rip-server/rip-server/worker"
)

//go:embed text
var text embed.FS

var extra int

func answer(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/file" {
		http.ServeFile(w, r, "text/version.txt")
		return
	}
	embedded, _ := text.ReadFile("text/version.txt")
	fmt.Fprintf(w, "main %d, nested %d, embedded %s, extra %d, many %d", version, nested.Version, embedded, extra, many.Sum)
}

func main() {
	if len(os.Getenv("NOT_SET")) > 0 {
		os.Exit(1)
	}
	start()
	if err := worker.Serve(http.HandlerFunc(answer)); err != nil {
		log.Fatal(err)
	}
}
`)
		c.write("many/many.go", "package many\n\nvar Sum int\n")
	},
	main:       "version.go",
	mainText:   "package main\n\nconst version = %d\n\nfunc start() {}\n",
	nested:     "nested/nested.go",
	nestedText: "package nested\n\nconst Version = %d\n",
	manyName:   "many/file%d.go",
	manyText:   "package many\n\nfunc init() { Sum += %d }\n",
	// A file whose name tells its version.
	saveExtra: func(c *code) {
		c.write(fmt.Sprintf("extra%d.go", c.extra), fmt.Sprintf("package main\n\nfunc init() { extra += %d }\n", c.extra))
		c.remove(fmt.Sprintf("extra%d.go", c.extra-1))
	},
	dies:   `panic("no database")`,
	module: "go.mod",
	space:  "// touched\n",
}

var typescript = &language{
	begin: func(c *code) {
		c.write("package.json", "{}\n")
		c.write("index.ts", `import { sum } from "./many/many";
import { version as nested } from "./nested/nested";
import embedded from "./text/version.txt";
import { start, version } from "./version";
import extra from "./extra";

start();

export default {
  fetch: () => new Response(`+"`main ${version}, nested ${nested}, embedded ${embedded}, extra ${extra}, many ${sum}`"+`),
};
`)
		var many strings.Builder
		for i := range manyFiles {
			fmt.Fprintf(&many, "import { n as n%d } from \"./file%d\";\n", i, i)
		}
		many.WriteString("export const sum = 0")
		for i := range manyFiles {
			fmt.Fprintf(&many, " + n%d", i)
		}
		c.write("many/many.ts", many.String()+";\n")
		c.saveExtra()
	},
	main:       "version.ts",
	mainText:   "type Version = number;\n\nexport const version: Version = %d;\n\nexport const start = () => {};\n",
	nested:     "nested/nested.ts",
	nestedText: "export const version: number = %d;\n",
	manyName:   "many/file%d.ts",
	manyText:   "export const n: number = %d;\n",
	// A file that is found when the one before is gone.
	saveExtra: func(c *code) {
		files := []string{"extra.ts", "extra/index.ts"}
		c.write(files[c.extra%2], fmt.Sprintf("export default %d;\n", c.extra))
		c.remove(files[(c.extra+1)%2])
	},
	dies:   `throw new Error("no database");`,
	module: "package.json",
	space:  "\n",
}
