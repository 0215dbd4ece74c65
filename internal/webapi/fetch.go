package webapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// fetcher makes the outgoing requests of an engine, for fetch/20-fetch.js. An
// exchange has a number, from fetchStart until its body is read or it is
// aborted.
type fetcher struct {
	loop      *Loop
	engine    *quickjs.Engine
	transport http.RoundTripper
	exchanges map[int]*exchange
	last      int
}

// exchange is a request and its response. The engine's goroutine owns it; what
// it hands to another it does not touch until that has completed.
type exchange struct {
	ctx    context.Context
	cancel context.CancelFunc
	follow redirects
	upload *io.PipeWriter // of a body that comes in chunks
	body   io.ReadCloser  // of the response, once there is one
}

// readSize is how much of a body comes at most with one read.
const readSize = 64 << 10

var errNoExchange = errors.New("the exchange has ended")

func newFetcher(l *Loop, e *quickjs.Engine) *fetcher {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true // decoding is ours: see decoded
	transport.MaxIdleConnsPerHost = 32  // an app talks to few hosts, and to them all the time
	context.AfterFunc(l.ctx, transport.CloseIdleConnections)
	return &fetcher{loop: l, engine: e, transport: transport, exchanges: map[int]*exchange{}}
}

func (f *fetcher) host() map[string]quickjs.Func {
	return map[string]quickjs.Func{
		"fetchStart":   f.start,
		"fetchHead":    f.head,
		"fetchRead":    f.read,
		"fetchReadAll": f.readAll,
		"fetchWrite":   f.write,
		"fetchEnd":     f.end,
		"fetchAbort":   f.abort,
	}
}

// start takes method, URL, redirect mode, whether the body comes in chunks, a
// body that does not (bytes, a string or null), and the headers, name after
// value. It returns the number of the exchange; nothing is sent yet.
func (f *fetcher) start(args []quickjs.Value) (any, error) {
	x := &exchange{}
	x.ctx, x.cancel = context.WithCancel(f.loop.ctx)
	r := outgoing{method: args[0].String(), href: args[1].String(), header: http.Header{}}
	switch {
	case args[3].Bool():
		r.stream, x.upload = io.Pipe()
	case args[4].IsString():
		r.body = []byte(args[4].String())
	default:
		r.body = args[4].Bytes()
	}
	for i := 5; i+1 < len(args); i += 2 {
		r.add(args[i].String(), string(latin1Bytes(args[i+1].String())))
	}
	x.follow = redirects{transport: f.transport, mode: args[2].String(), request: r}
	f.last++
	f.exchanges[f.last] = x
	return f.last, nil
}

// head sends the request. It returns a promise of status, status text, URL,
// whether there were redirects, and the headers, name after value.
func (f *fetcher) head(args []quickjs.Value) (any, error) {
	id := args[0].Int()
	x, ok := f.exchanges[id]
	if !ok {
		return nil, errNoExchange
	}
	return f.promise(func() (any, error) {
		response, err := x.follow.run(x.ctx)
		if err != nil {
			f.forget(id, x)
			return nil, causeOf(err)
		}
		x.body = decoded(response)
		href, _, _ := strings.Cut(x.follow.request.href, "#")
		head := []string{
			strconv.Itoa(response.StatusCode), statusText(response),
			href, strconv.FormatBool(x.follow.count > 0),
		}
		for name, values := range response.Header {
			for _, value := range values {
				head = append(head, name, latin1String([]byte(value)))
			}
		}
		return head, nil
	})
}

// read returns a promise of the next bytes of the body, none at its end.
func (f *fetcher) read(args []quickjs.Value) (any, error) {
	id := args[0].Int()
	x, ok := f.exchanges[id]
	if !ok {
		return nil, errNoExchange
	}
	return f.promise(func() (any, error) {
		b := make([]byte, readSize)
		n, err := x.body.Read(b)
		for n == 0 && err == nil {
			n, err = x.body.Read(b)
		}
		if n > 0 {
			return b[:n], nil // an error comes again with the next read
		}
		f.forget(id, x)
		if err == io.EOF {
			return []byte{}, nil
		}
		return nil, causeOf(err)
	})
}

// readAll returns a promise of what is left of the body.
func (f *fetcher) readAll(args []quickjs.Value) (any, error) {
	id := args[0].Int()
	x, ok := f.exchanges[id]
	if !ok {
		return nil, errNoExchange
	}
	return f.promise(func() (any, error) {
		b, err := io.ReadAll(x.body)
		f.forget(id, x)
		if err != nil {
			return nil, causeOf(err)
		}
		return b, nil
	})
}

// write returns a promise that is kept when a chunk of the request's body was
// taken.
func (f *fetcher) write(args []quickjs.Value) (any, error) {
	x, ok := f.exchanges[args[0].Int()]
	if !ok || x.upload == nil {
		return nil, errNoExchange
	}
	chunk := args[1].Bytes()
	return f.promise(func() (any, error) {
		_, err := x.upload.Write(chunk)
		return nil, err
	})
}

// end ends the body of the request.
func (f *fetcher) end(args []quickjs.Value) (any, error) {
	if x, ok := f.exchanges[args[0].Int()]; ok && x.upload != nil {
		return nil, x.upload.Close()
	}
	return nil, nil
}

// abort ends an exchange, whatever it is at.
func (f *fetcher) abort(args []quickjs.Value) (any, error) {
	id := args[0].Int()
	if x, ok := f.exchanges[id]; ok {
		x.cancel()
		f.drop(id, x)
	}
	return nil, nil
}

// forget drops an exchange that has ended on another goroutine.
func (f *fetcher) forget(id int, x *exchange) {
	f.loop.Post(func() { f.drop(id, x) })
}

func (f *fetcher) drop(id int, x *exchange) {
	delete(f.exchanges, id)
	if x.upload != nil {
		_ = x.upload.CloseWithError(context.Canceled)
	}
	// The transport closes the body when the context ends. Closing it here
	// would wait for a read that is under way.
	x.cancel()
}

// promise returns a promise of what work returns on a goroutine of its own.
func (f *fetcher) promise(work func() (any, error)) (any, error) {
	return f.loop.promise(f.engine, func(context.Context) (any, error) { return work() })
}

// causeOf makes an error that JavaScript shows as the cause of a failed fetch.
func causeOf(err error) error {
	if code := errorCode(err); code != "" {
		return fmt.Errorf("%w (%s)", err, code)
	}
	return err
}

func statusText(r *http.Response) string {
	if len(r.Status) > 4 {
		return latin1String([]byte(r.Status[4:]))
	}
	return ""
}

// reader returns the body of one try, which may be repeated unless it comes
// in chunks.
func (r *outgoing) reader() io.Reader {
	switch {
	case r.stream != nil:
		return r.stream
	case r.body != nil:
		return bytes.NewReader(r.body)
	}
	return nil
}
