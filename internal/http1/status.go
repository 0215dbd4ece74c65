package http1

import "net/http"

// ReasonPhrase returns the standard reason phrase of a status code, "" when
// there is none.
func ReasonPhrase(status int) string { return http.StatusText(status) }
