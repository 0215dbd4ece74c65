package webapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// outgoing is a request to be sent, once or after redirects again.
type outgoing struct {
	method string
	href   string // a serialised URL
	header http.Header
	body   []byte    // nil = none
	stream io.Reader // instead of body: it can be read once
}

// connectionHeaders are the connection's business, not the app's.
var connectionHeaders = []string{
	"Connection", "Content-Length", "Expect", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// add adds a header, unless it is the connection's.
func (r *outgoing) add(name, value string) {
	name = http.CanonicalHeaderKey(name)
	if !slices.Contains(connectionHeaders, name) {
		r.header.Add(name, value)
	}
}

// request returns the request as package http sends it.
func (r *outgoing) request(ctx context.Context) (*http.Request, error) {
	u, err := sendableURL(r.href)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, r.method, "http://to.be.replaced/", r.reader())
	if err != nil {
		return nil, err
	}
	request.URL, request.Host = u, u.Host
	request.Header = r.header.Clone()
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
		request.Header.Del("Host")
	}
	for name, value := range map[string]string{
		"Accept":          "*/*",
		"Accept-Encoding": "gzip, deflate",
		"User-Agent":      "rip-server",
	} {
		if request.Header.Values(name) == nil {
			request.Header.Set(name, value)
		}
	}
	return request, nil
}

// sendableURL makes a URL whose request line has path and query as they are
// in the serialised URL href: package url would refuse, or encode anew, what
// the URL Standard lets through.
func sendableURL(href string) (*url.URL, error) {
	href, _, _ = strings.Cut(href, "#")
	scheme, rest, ok := strings.Cut(href, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return nil, fmt.Errorf("no way to fetch %q", href)
	}
	host, path := rest, ""
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	path, query, hasQuery := strings.Cut(path, "?")
	u := &url.URL{Scheme: scheme, Host: host, Opaque: path, RawQuery: query, ForceQuery: hasQuery}
	if strings.HasPrefix(path, "//") {
		// Package url takes this for a host.
		u.Opaque, u.Path = "", path
		if decoded, err := url.PathUnescape(path); err == nil {
			u.Path, u.RawPath = decoded, path
		}
	}
	return u, nil
}

// redirects sends a request and follows where it is sent to, as the steps of
// https://fetch.spec.whatwg.org/#http-redirect-fetch say.
type redirects struct {
	transport http.RoundTripper
	mode      string // follow, error or manual
	request   outgoing
	count     int
}

const maxRedirects = 20

// run returns the response to the last request. The body is open.
func (f *redirects) run(ctx context.Context) (*http.Response, error) {
	for {
		request, err := f.request.request(ctx)
		if err != nil {
			return nil, err
		}
		response, err := f.transport.RoundTrip(request)
		if err != nil {
			return nil, err
		}
		location := response.Header.Get("Location")
		if !isRedirect(response.StatusCode) || f.mode == "manual" || f.mode != "error" && location == "" {
			return response, nil
		}
		_ = response.Body.Close()
		if f.mode == "error" {
			return nil, fmt.Errorf("a redirect (%d) is an error here", response.StatusCode)
		}
		if err := f.to(location, response.StatusCode); err != nil {
			return nil, err
		}
	}
}

func isRedirect(status int) bool {
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308
}

// to changes the request into that for the URL it was sent to.
func (f *redirects) to(location string, status int) error {
	r := &f.request
	href, err := resolveURL(location, r.href)
	if err != nil {
		return fmt.Errorf("redirect: %w", err)
	}
	if !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") {
		return fmt.Errorf("redirect: no way to fetch %q", href)
	}
	if f.count++; f.count > maxRedirects {
		return fmt.Errorf("more than %d redirects", maxRedirects)
	}
	if (status == 301 || status == 302) && r.method == "POST" || status == 303 && r.method != "GET" && r.method != "HEAD" {
		r.method, r.body, r.stream = "GET", nil, nil
		for _, name := range []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Type"} {
			r.header.Del(name)
		}
	}
	if r.stream != nil {
		return errors.New("redirect: the body was a stream and cannot be sent again")
	}
	if originOf(href) != originOf(r.href) {
		for _, name := range []string{"Authorization", "Proxy-Authorization", "Cookie", "Host"} {
			r.header.Del(name)
		}
	}
	r.href = href
	return nil
}

// originOf returns scheme and host of a serialised http URL.
func originOf(href string) string {
	u, err := sendableURL(href)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
