package server

import (
	"strings"
	"testing"
)

func TestErrorPage(t *testing.T) {
	const old = "The last good code goes on"
	page := string(errorPage("shop", "./main.go:3:1: <script> is no Go", false))
	for _, want := range []string{"<h1>shop: ", "./main.go:3:1: &lt;script&gt; is no Go", old} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q:\n%s", want, page)
		}
	}
	if page := string(errorPage("shop", "exit status 2", true)); strings.Contains(page, old) {
		t.Errorf("the page promises old code where there is none:\n%s", page)
	}
}
