package server

import (
	"bytes"
	"html/template"
)

var page = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{.App}}: the code does not run</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 60rem; padding: 0 1rem; color: #222; background: #fff }
pre { background: #f5f2ef; border-left: 4px solid #c33; padding: 1rem; overflow-x: auto; font-size: 14px }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b } pre { background: #262626 } }
</style></head><body>
<h1>{{.App}}: the code does not run</h1>
<pre>{{.Failure}}</pre>
<p>{{if not .Down}}The last good code goes on answering everything but pages. {{end}}Correct the file, save, and load this page again.</p>
</body></html>
`))

// errorPage shows a developer why the code does not run. down tells that there
// is no older code that does.
func errorPage(app, failure string, down bool) []byte {
	var b bytes.Buffer
	err := page.Execute(&b, struct {
		App, Failure string
		Down         bool
	}{app, failure, down})
	if err != nil {
		return []byte(failure)
	}
	return b.Bytes()
}
