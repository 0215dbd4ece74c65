package worker

import (
	"net/url"
	"reflect"
	"testing"
)

// A plain target is parsed to what net/url finds in it.
func TestPlain(t *testing.T) {
	targets := []string{"/", "//", "///a", "//a/b", "/a/../b/", "/a.b-c_d/E9", "*", "a", "/a?b", "/%41", "/:80",
		"/?", "/a?", "/a??", "/a?b?", "/a?b?c", "/a?%", "/a?b=%41/../;\\:", "?", "?a", "/%41?b", "//a?b"}
	for c := range 256 {
		targets = append(targets, "/"+string(rune(c)), "/"+string([]byte{byte(c)})+"x")
	}
	for c := '!'; c <= '~'; c++ { // what http1 lets pass
		targets = append(targets, "/a?"+string(c))
	}
	made := 0
	for _, target := range targets {
		u := new(url.URL)
		if !parsePlain(u, target) {
			continue
		}
		made++
		want, err := url.ParseRequestURI(target)
		if err != nil || !reflect.DeepEqual(u, want) {
			t.Errorf("%q: got %#v, want %#v, %v", target, u, want, err)
		}
	}
	if made < 2*64 {
		t.Errorf("only %d of %d targets are plain", made, len(targets))
	}
}
