package jsworker

import (
	"html"
	"io"
	"net/http"
	"os"
	"strings"
)

// runner runs requests with the app as its files are.
type runner struct {
	source   *source
	limits   limits
	watchdog *watchdog
	app      *app
	wrong    string // why the files as they are now do not run, "" = they do
}

// start loads the app for the first time.
func (r *runner) start() error {
	script, err := r.source.read()
	if err != nil {
		return err
	}
	r.app, err = load(script, r.limits, r.watchdog)
	return err
}

// reload is worker.App.Reload.
func (r *runner) reload() (bool, error) {
	if !r.source.changed() {
		return false, nil
	}
	script, err := r.source.read()
	if err == nil {
		var a *app
		if a, err = load(script, r.limits, r.watchdog); err == nil {
			r.app.close()
			r.app, r.wrong = a, ""
			r.watchdog.watch(a)
			return true, nil
		}
	}
	r.watchdog.watch(r.app)
	r.wrong = err.Error()
	return false, err
}

// after is worker.App.After.
func (r *runner) after() { r.app.after() }

// ServeHTTP implements http.Handler.
func (r *runner) ServeHTTP(rw http.ResponseWriter, q *http.Request) {
	if r.wrong != "" && r.browser(q) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		rw.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(rw, "<!doctype html><title>The code does not run</title><pre>"+html.EscapeString(r.wrong)+"</pre>\n")
		return
	}
	r.app.serve(rw, q)
}

// browser tells whether somebody is to be shown why the code does not run.
func (r *runner) browser(q *http.Request) bool {
	return os.Getenv("RIP_ENV") == "development" && q.Method == http.MethodGet &&
		strings.Contains(q.Header.Get("Accept"), "text/html")
}
