package webapi

import "testing"

func TestParseURL(t *testing.T) {
	for _, c := range []struct{ input, base, want string }{
		{"http://localhost:5002/ping?a=1#top", "", "http://localhost:5002/ping?a=1#top"},
		{"HTTP://EXAMPLE.com:80", "", "http://example.com/"},
		{"http://a.b/x/../y/./z", "", "http://a.b/y/z"},
		{"http://a.b/x/%2e%2E/y", "", "http://a.b/y"},
		{"../up?q", "https://h/one/two/three", "https://h/one/up?q"},
		{"//other/path", "https://h/", "https://other/path"},
		{"http://0x7f.1/", "", "http://127.0.0.1/"},
		{"http://bücher.example/ü?ü#ü", "", "http://xn--bcher-kva.example/%C3%BC?%C3%BC#%C3%BC"},
		{"http://[2001:DB8:0:0::1]/", "", "http://[2001:db8::1]/"},
		{"mailto:someone@example.com", "", "mailto:someone@example.com"},
		{"file:///C|/a", "", "file:///C:/a"},
		{"  http://h/a b\n", "", "http://h/a%20b"},
	} {
		got, err := parseURL(c.input)
		if c.base != "" {
			got, err = resolveURL(c.input, c.base)
		}
		if err != nil || got != c.want {
			t.Errorf("%q with base %q: %q, %v, want %q", c.input, c.base, got, err, c.want)
		}
	}
	for _, bad := range []string{"", "/path", "http://", "http://a b/", "http://h:65536/", "http://1.2.3.4.5/", "http://[::1"} {
		if got, err := parseURL(bad); err == nil {
			t.Errorf("parseURL(%q) = %q, want an error", bad, got)
		}
	}
}

func TestABadBaseIsAnErrorEvenIfNobodyNeedsIt(t *testing.T) {
	for _, base := range []string{"", "not a base", "mailto:a"} {
		if got, err := resolveURL("/path", base); err == nil {
			t.Errorf("resolved against %q: %q", base, got)
		}
	}
	if got, err := resolveURL("http://h/", "not a base"); err == nil {
		t.Errorf("resolved against a bad base: %q", got)
	}
}

// TestCanonicalURLs compares the short cut with the parser: whatever it lets
// through must be what the parser would have answered.
func TestCanonicalURLs(t *testing.T) {
	for _, s := range []string{
		"http://localhost:5002/", "https://example.com/a/b.c/d?x=1&y=[2]#z", "http://a-b.c3/~u/:@!$&'()*+,;=",
		"https://h:80/", "http://h/?a?b/../c", "http://h/?a|b^c`{}", "http://h/#a#b", "http://h/a..b/c.",
	} {
		if !isCanonicalURL(s) {
			t.Errorf("isCanonicalURL(%q) = false", s)
		}
		if got, err := setURL(s, "search", "?keep"); err != nil || got == "" {
			t.Errorf("setURL(%q) = %q, %v", s, got, err)
		}
	}
	for _, s := range []string{
		"http://h", "http://H/", "http://1.2.3.4/", "http://h.0x1/", "http://h:80/", "https://h:443/", "http://h:080/",
		"http://h/a b", "http://h/./", "http://h/.", "http://h/%2e", "http://u@h/", "http://h/\\", "http://h/?'", "http://h/#`",
		"http://h/\x7f", "http://h/é", "http://xn--a/", "http://h:/", "http://h..1/", "http:///", "ftp://h/",
	} {
		if isCanonicalURL(s) {
			t.Errorf("isCanonicalURL(%q) = true", s)
		}
	}
}

func FuzzCanonicalURL(f *testing.F) {
	f.Add("localhost:5002", "/a/b?c#d")
	f.Add("a.b-c:1", "/.../x?/..'#`")
	f.Fuzz(func(t *testing.T, host, path string) {
		s := "http://" + host + path
		if !isCanonicalURL(s) {
			return
		}
		if got, err := parseURL(" " + s); err != nil || got != s {
			t.Errorf("%q is taken as canonical, but parses to %q, %v", s, got, err)
		}
	})
}

func TestSetURL(t *testing.T) {
	const href = "http://user:pw@host:81/path?query#hash"
	for _, c := range []struct{ component, value, want string }{
		{"protocol", "https", "https://user:pw@host:81/path?query#hash"},
		{"protocol", "mailto", href},
		{"username", "a b", "http://a%20b:pw@host:81/path?query#hash"},
		{"password", "", "http://user@host:81/path?query#hash"},
		{"host", "other:82", "http://user:pw@other:82/path?query#hash"},
		{"hostname", "other", "http://user:pw@other:81/path?query#hash"},
		{"port", "80", "http://user:pw@host/path?query#hash"},
		{"pathname", "a b", "http://user:pw@host:81/a%20b?query#hash"},
		{"search", "", "http://user:pw@host:81/path#hash"},
		{"hash", "x", "http://user:pw@host:81/path?query#x"},
	} {
		if got, err := setURL(href, c.component, c.value); err != nil || got != c.want {
			t.Errorf("setting %s to %q: %q, %v, want %q", c.component, c.value, got, err, c.want)
		}
	}
	if _, err := setURL(href, "origin", "x"); err == nil {
		t.Error("setting the origin worked")
	}
}

func BenchmarkParseURL(b *testing.B) {
	for name, input := range map[string]string{
		"canonical": "http://localhost:5002/users/1234?fields=name",
		"parsed":    "http://localhost:5002/users/./1234?fields=name",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if _, err := parseURL(input); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
