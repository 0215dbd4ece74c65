package webapi

import "net/http"

// RequestURL returns the URL that a request was sent to, in its serialised
// form. An error says that it has none: its Host field or its target is wrong.
func RequestURL(r *http.Request) (string, error) {
	target, host := r.RequestURI, r.Host
	if host == "" {
		host = "localhost" // HTTP/1.0
	}
	scheme := "http://"
	if values := r.Header["X-Forwarded-Proto"]; len(values) > 0 && values[len(values)-1] == "https" {
		scheme = "https://"
	}
	if target == "" || target[0] != '/' {
		if target != "*" {
			return parseURL(target) // the absolute form (RFC 9112 section 3.2.2)
		}
		target = "/*"
	}
	return parseURL(scheme + host + target)
}
