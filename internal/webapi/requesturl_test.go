package webapi

import (
	"net/http"
	"testing"
)

func TestRequestURL(t *testing.T) {
	for _, c := range []struct{ host, proto, target, want string }{
		{"example.org:5002", "http", "/a?b=c", "http://example.org:5002/a?b=c"},
		{"Example.ORG:80", "http", "/a/../b/%7e?x y", "http://example.org/b/%7e?x%20y"},
		{"example.org", "https", "/", "https://example.org/"},
		{"", "", "/x", "http://localhost/x"},
		{"example.org", "http", "*", "http://example.org/*"},
		{"example.org", "http", "http://other.example/y", "http://other.example/y"},
		{"example.org", "http", "//double//slash", "http://example.org//double//slash"},
		{"[::1]:5002", "http", "/", "http://[::1]:5002/"},
		{"exa mple", "http", "/", ""},
	} {
		r := &http.Request{RequestURI: c.target, Host: c.host, Header: http.Header{"X-Forwarded-Proto": {c.proto}}}
		got, err := RequestURL(r)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%q at %q is %q, %v, want %q", c.target, c.host, got, err, c.want)
		}
	}
}
