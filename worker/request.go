package worker

import (
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"unsafe"

	"github.com/rip-server/rip-server/internal/http1"
	"github.com/rip-server/rip-server/internal/wire"
)

// The server has applied its limits already; what fits a record is welcome.
var limits = http1.Limits{Head: wire.MaxRecord, Target: wire.MaxRecord, Fields: wire.MaxRecord}

// canonical has the names of the fields with an ID as net/http spells them.
var canonical = func() (names [256]string) {
	for id := range names {
		name := http1.FieldID(id).String()
		if name == "" && id > 0 {
			break
		}
		names[id] = textproto.CanonicalMIMEHeaderKey(name)
	}
	return names
}()

// blank is what all requests have in common.
var blank = &http.Request{Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody}

// request makes what the handler gets from the head of a request. It copies
// the head once; every string of the request is a part of that copy.
func (w *worker) request(x *exchange, head []byte) (*http.Request, error) {
	copied := string(head)
	w.head.Reset()
	// Parse only reads.
	if n, err := w.head.Parse(unsafe.Slice(unsafe.StringData(copied), len(copied)), limits); err != nil {
		return nil, err
	} else if n != len(head) {
		return nil, wire.ErrRecord
	}
	target := text(w.head.Target)
	if !parsePlain(&x.url, target) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return nil, err
		}
		x.url = *u
	}
	x.request = *blank.WithContext(&x.context) // Request has no other way in for a context
	r := &x.request
	r.Method = method(w.head.Method)
	r.URL = &x.url
	r.Host = text(w.head.Host)
	r.RequestURI = target
	if w.head.ContentLength > 0 {
		r.ContentLength = w.head.ContentLength
		if x.body != nil {
			r.Body = x.body
		}
	}
	var forwarded string
	r.Header, forwarded = x.fields(w.head.Fields)
	r.RemoteAddr = w.remoteAddr(forwarded)
	return r, nil
}

// parsePlain parses a target that is a path without anything to decode, and
// maybe a query, as url.ParseRequestURI does, but for control characters, which
// http1 lets nobody have. It returns false for others.
func parsePlain(u *url.URL, target string) bool {
	n := 0
	for n < len(target) && plain(target[n]) {
		n++
	}
	switch {
	case n == 0 || target[0] != '/':
		return false
	case n == len(target):
		u.Path = target
		return true
	case target[n] == '?' && n+1 < len(target):
		u.Path, u.RawQuery = target[:n], target[n+1:]
		return true
	}
	return false
}

// plain reports whether a byte of a path means itself and nothing else.
func plain(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '-' && c <= '9' || c == '_' // "-./" are before "0"
}

// fields makes a header map, without Host as in net/http. It also returns the
// last X-Forwarded-For.
func (x *exchange) fields(fields []http1.Field) (header http.Header, forwarded string) {
	header = make(http.Header, max(0, len(fields)-1)) // beyond 8 fields a map costs three allocations more
	values := x.values[:0]
	if len(fields) > cap(values) {
		values = make([]string, 0, len(fields))
	}
	var seen uint64 // IDs, a bit each
	for i := range fields {
		f := &fields[i]
		if f.ID == http1.FieldHost || f.ID == http1.FieldRipRequest {
			continue
		}
		value := text(f.Value)
		if f.ID == http1.FieldXForwardedFor {
			forwarded = value
		}
		name := canonical[f.ID]
		if name == "" {
			name = textproto.CanonicalMIMEHeaderKey(text(f.Name))
		}
		if bit := uint64(1) << f.ID; bit <= 1 || seen&bit != 0 {
			if had, ok := header[name]; ok {
				header[name] = append(had, value)
				continue
			}
		} else {
			seen |= bit
		}
		values = append(values, value)
		header[name] = values[len(values)-1 : len(values) : len(values)]
	}
	return header, forwarded
}

// remoteAddr returns the last address of an X-Forwarded-For field, the one
// that the server wrote because it saw it, as an address with a port. The last
// one is kept: an app behind a proxy has a single peer.
func (w *worker) remoteAddr(forwarded string) string {
	if i := strings.LastIndexByte(forwarded, ','); i >= 0 {
		forwarded = strings.TrimSpace(forwarded[i+1:])
	}
	if forwarded == "" {
		return ""
	}
	if last := w.remote; len(last) == len(forwarded)+2 && last[:len(forwarded)] == forwarded {
		return last
	}
	w.remote = net.JoinHostPort(forwarded, "0")
	return w.remote
}

// text returns a string that shares memory with b, which nobody changes.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// method returns a method. A constant, where there is one, does not keep the
// head in memory.
func method(b []byte) string {
	switch string(b) {
	case http.MethodGet:
		return http.MethodGet
	case http.MethodPost:
		return http.MethodPost
	}
	return text(b)
}
