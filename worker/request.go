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
	u := &x.url
	if isPlain(target) {
		u.Path = target
	} else if u, err := url.ParseRequestURI(target); err != nil {
		return nil, err
	} else {
		x.url = *u
	}
	x.request = *blank.WithContext(&x.context) // Request has no other way in for a context
	r := &x.request
	r.Method = method(w.head.Method)
	r.URL = u
	r.Host = text(w.head.Host)
	r.RequestURI = target
	if w.head.ContentLength > 0 && x.body != nil {
		r.ContentLength = w.head.ContentLength
		r.Body = x.body
	}
	var forwarded string
	r.Header, forwarded = x.fields(w.head.Fields)
	r.RemoteAddr = w.remoteAddr(forwarded)
	return r, nil
}

// isPlain reports whether a target is a path without anything to decode, and so
// all that url.ParseRequestURI would find in it.
func isPlain(target string) bool {
	if target[0] != '/' {
		return false
	}
	for i := range len(target) {
		c := target[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '-' || c > '9') && c != '_' { // "-./" are before "0"
			return false
		}
	}
	return true
}

// fields makes a header map, without Host as in net/http. It also returns the
// last X-Forwarded-For.
func (x *exchange) fields(fields []http1.Field) (header http.Header, forwarded string) {
	header = make(http.Header, len(fields))
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
