package manager

import "testing"

// A worker that could not load its code again says so for as long as it has
// not: it is no crash that time heals.
func TestReloadInTheWorker(t *testing.T) {
	a := newApp(t, 1, "good")
	a.timing.stable = 0
	a.serve()
	lastError := func() string { return a.Workers()[0].LastError }
	a.want("reload app.py:3 is wrong", "good ")
	a.until("the failure is known", func() bool { return lastError() == "app.py:3 is wrong" })
	a.logged(1, "reload failed", "app.py:3 is wrong")
	a.want("reload", "good ")
	a.until("the failure is over", func() bool { return lastError() == "" })
	a.logged(1, "worker reloaded")
}
