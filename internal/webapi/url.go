package webapi

import (
	"fmt"
	"strings"

	"github.com/nlnwa/whatwg-url/url"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// parseURL returns the serialised form of a URL. A serialised URL can be cut
// into its components by looking at its delimiters alone, so nothing else
// crosses into JavaScript.
func parseURL(input string) (string, error) {
	if isCanonicalURL(input) {
		return input, nil
	}
	u, err := url.Parse(input)
	if err != nil {
		return "", fmt.Errorf("invalid URL %q", input)
	}
	return u.Href(false), nil
}

// resolveURL returns the serialised form of a URL that may be relative to base.
func resolveURL(input, base string) (string, error) {
	b, err := url.Parse(base)
	if err != nil {
		return "", fmt.Errorf("invalid base URL %q", base)
	}
	u, err := b.Parse(input)
	if err != nil {
		return "", fmt.Errorf("invalid URL %q with base %q", input, base)
	}
	return u.Href(false), nil
}

// setURL returns href, a serialised URL, with one component set as the URL
// class's setter of that name does. What the setter ignores leaves it as it is.
func setURL(href, component, value string) (string, error) {
	u, err := url.Parse(href)
	if err != nil {
		return "", fmt.Errorf("invalid URL %q", href)
	}
	set, ok := map[string]func(string){
		"protocol": u.SetProtocol,
		"username": u.SetUsername,
		"password": u.SetPassword,
		"host":     u.SetHost,
		"hostname": u.SetHostname,
		"port":     u.SetPort,
		"pathname": u.SetPathname,
		"search":   u.SetSearch,
		"hash":     u.SetHash,
	}[component]
	if !ok {
		return "", fmt.Errorf("no component %q in a URL", component)
	}
	set(value)
	return u.Href(false), nil
}

// isCanonicalURL recognises the common http URLs that parsing would leave as
// they are, which saves most requests the parser. It may say no to others.
func isCanonicalURL(s string) bool {
	rest, secure := strings.CutPrefix(s, "https://")
	if !secure {
		var plain bool
		if rest, plain = strings.CutPrefix(s, "http://"); !plain {
			return false
		}
	}
	slash := strings.IndexByte(rest, '/')
	if slash < 0 {
		return false
	}
	host, port, hasPort := strings.Cut(rest[:slash], ":")
	return isCanonicalHost(host) && (!hasPort || isCanonicalPort(port, secure)) && isCanonicalPath(rest[slash:])
}

// isCanonicalHost is true for lower-case names of ASCII letters. The last
// label must start with one: anything else may be an IPv4 address.
func isCanonicalHost(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" || last[0] < 'a' || last[0] > 'z' || strings.Contains(host, "xn--") {
		return false
	}
	for i := range len(host) {
		c := host[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func isCanonicalPort(port string, secure bool) bool {
	if port == "" || port[0] == '0' || !secure && port == "80" || secure && port == "443" {
		return false
	}
	return strings.Trim(port, "0123456789") == "" && (len(port) < 5 || len(port) == 5 && port <= "65535")
}

// isCanonicalPath looks at the path, the query and the fragment. Dots that
// start a segment, as they are or encoded, are left to the parser.
func isCanonicalPath(s string) bool {
	encode := "\"<>^`{}|\\"
	query := false
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ' || c > '~' || strings.IndexByte(encode, c) >= 0:
			return false
		case c == '#':
			return strings.IndexFunc(s[i+1:], func(r rune) bool {
				return r <= ' ' || r > '~' || strings.ContainsRune("\"<>`", r)
			}) < 0
		case c == '?' && !query:
			query = true
			encode = "\"<>'"
		case c == '/' && !query && strings.HasPrefix(s[i+1:], "."),
			c == '%' && !query:
			return false
		}
	}
	return true
}

// The functions for url/20-url.js answer "" for what is no URL: who asks knows
// best what to throw.

func hostParseURL(args []quickjs.Value) (any, error) {
	href, _ := parseURL(args[0].String())
	return href, nil
}

func hostResolveURL(args []quickjs.Value) (any, error) {
	href, _ := resolveURL(args[0].String(), args[1].String())
	return href, nil
}

func hostSetURL(args []quickjs.Value) (any, error) {
	return setURL(args[0].String(), args[1].String(), args[2].String())
}
