package worker

import (
	"net/url"
	"reflect"
	"testing"
)

// A target is plain when net/url finds in it what is set without it.
func TestPlain(t *testing.T) {
	targets := []string{"/", "//", "///a", "//a/b", "/a/../b/", "/a.b-c_d/E9", "*", "a", "/a?b", "/%41", "/:80"}
	for c := range 256 {
		targets = append(targets, "/"+string(rune(c)), "/"+string([]byte{byte(c)})+"x")
	}
	made := 0
	for _, target := range targets {
		if !isPlain(target) {
			continue
		}
		u := &url.URL{Path: target}
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
