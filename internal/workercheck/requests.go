package workercheck

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/wire"
)

// get makes a plain request, which must be answered.
func (b *bench) get() error { return b.all([]request{{method: "GET", target: b.o.Paths.Plain}}) }

// all makes requests one after the other.
func (b *bench) all(list []request) error {
	for _, r := range list {
		c, err := b.ask(r)
		if err != nil {
			return err
		}
		if err := c.answered(); err != nil {
			return err
		}
	}
	return nil
}

// serve makes requests of a single worker, and looks at its row after each.
func (b *bench) serve(list []request) error {
	h, err := b.hire()
	if err != nil {
		return err
	}
	for i, r := range list {
		if err := b.all([]request{r}); err != nil {
			return err
		}
		if err := h.counted(uint64(i + 1)); err != nil {
			return fmt.Errorf("%s: %w", r.method+" "+r.target, err)
		}
	}
	return nil
}

// counted waits until the row says that n requests were run, and none is.
func (h *hand) counted(n uint64) error {
	if err := h.b.await(func() bool { return h.count() == n && h.claim() == 0 }); err == nil {
		return nil
	}
	if err := h.problem(); err != nil {
		return err
	}
	return fmt.Errorf("after %d requests its row has the count %d and the claim %d", n, h.count(), h.claim())
}

func plain(b *bench) error {
	r := request{method: "GET", target: b.o.Paths.Plain}
	return b.serve([]request{r, r, r})
}

// claims looks at the row again and again while a slow request runs. A worker
// that is on its way to the end of the request is given a moment.
func claims(b *bench) error {
	if b.o.Paths.Slow == "" {
		return skipped("name a path that takes a second or so: --slow=PATH")
	}
	h, err := b.hire()
	if err != nil {
		return err
	}
	for range slowTries {
		if seen, err := h.holds(); err != nil || seen {
			return err
		}
	}
	return fmt.Errorf("%s: it is answered at once, or never claimed", b.o.Paths.Slow)
}

// holds makes a slow request and tells whether its claim was seen.
func (h *hand) holds() (ok bool, err error) {
	b := h.b
	c, err := b.ask(request{method: "GET", target: b.o.Paths.Slow})
	if err != nil {
		return false, err
	}
	var seen uint64
	var lapse time.Time
	if err := b.await(func() bool {
		switch claim := h.claim(); {
		case claim != 0 && seen == 0:
			seen = claim
		case claim == seen:
			lapse = time.Time{}
		case lapse.IsZero():
			lapse = time.Now()
		}
		return c.isDone() || h.isDead() || !lapse.IsZero() && time.Since(lapse) > begun
	}); err != nil {
		return false, fmt.Errorf("%s: no answer", c.what)
	}
	if !c.isDone() && !h.isDead() {
		return false, fmt.Errorf("%s: its claim is not in the row any more, and the reply is not complete", c.what)
	}
	return seen != 0, c.answered()
}

func methods(b *bench) error {
	var list []request
	for _, m := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "M-SEARCH"} {
		r := request{method: m, target: b.o.Paths.Plain}
		if strings.HasPrefix(m, "P") {
			r.body = []byte("a body")
		}
		list = append(list, r)
	}
	list = append(list, request{method: "POST", target: b.o.Paths.Plain, body: []byte{}}, request{method: "DELETE", target: b.o.Paths.Plain, body: []byte("a body")})
	return b.serve(list)
}

func targets(b *bench) error {
	path := b.o.Paths.Plain
	if strings.Contains(path, "?") {
		return skipped("the path has a query already")
	}
	return b.serve([]request{
		{method: "GET", target: path + "?"}, {method: "GET", target: path + "?a=1&a=2&b&%20=%2F"}, {method: "GET", target: "/a%2Fb/../c//d"},
		{method: "GET", target: "/%00"}, {method: "GET", target: "/%ff%FE?%ff"}, {method: "GET", target: `/?"<>^` + "`{|}~"}, {method: "OPTIONS", target: "*"},
		{method: "GET", target: "/" + strings.Repeat("x", 8000)},
	})
}

func fields(b *bench) error {
	many := ""
	for i := range 90 {
		many += fmt.Sprintf("X-Field-%d: %d\r\n", i, i)
	}
	get := func(fields string) request {
		return request{method: "GET", target: b.o.Paths.Plain, fields: fields}
	}
	return b.serve([]request{
		get(many), get("X-Long: " + strings.Repeat("x", 30_000) + "\r\n"), get("X-Empty:\r\nX-Empty: \r\n"), get("X-Twice: 1\r\nx-twice: 2\r\n"),
		get("X-Latin: caf\xe9\r\n"), get("Cookie: a=1; b=2\r\nCookie: c=3\r\n"), get("Accept-Encoding: gzip, br\r\nIf-None-Match: *\r\nRange: bytes=0-0\r\n"),
	})
}

// noise is what bodies are made of.
func noise(size int) []byte {
	b := make([]byte, size)
	random := rand.NewChaCha8([32]byte{byte(size), byte(size >> 8)})
	_, _ = random.Read(b) // never fails
	return b
}

// Sizes of bodies: those around which something changes.
var (
	inlineSizes = []int{0, 1, 1000, 4096, wire.MaxInlineBody - 1, wire.MaxInlineBody}
	fileSizes   = []int{wire.MaxInlineBody + 1, 1 << 20, 5<<20 + 3}
)

func (b *bench) bodiesOf(target string, sizes ...int) (list []request) {
	for _, size := range sizes {
		list = append(list, request{method: "POST", target: target, body: noise(size)})
	}
	return list
}

func bodies(b *bench) error { return b.serve(b.bodiesOf(b.o.Paths.Plain, inlineSizes...)) }

func bodyFiles(b *bench) error {
	list := b.bodiesOf(b.o.Paths.Plain, fileSizes...)
	list = append(list, request{method: "PUT", target: b.o.Paths.Plain, body: []byte("small"), chunk: true}, request{method: "PUT", target: b.o.Paths.Plain, body: []byte{}, chunk: true})
	return b.serve(append(list, request{method: "GET", target: b.o.Paths.Plain}))
}

func echo(b *bench) error {
	if b.o.Paths.Echo == "" {
		return skipped("name a path that is answered with the body, or its SHA-256 in hex: --echo=PATH")
	}
	if _, err := b.hire(); err != nil {
		return err
	}
	for _, r := range b.bodiesOf(b.o.Paths.Echo, append(append([]int(nil), inlineSizes...), fileSizes...)...) {
		c, err := b.ask(r)
		if err != nil {
			return err
		}
		if err := c.answered(); err != nil {
			return err
		}
		if !c.echoes() {
			return fmt.Errorf("a body of %d bytes: the reply is neither the body nor has its SHA-256", len(r.body))
		}
	}
	return nil
}

// load makes many requests of two workers, several at a time.
func load(b *bench) error {
	const requests, most = 400, 32
	for range 2 {
		if _, err := b.hire(); err != nil {
			return err
		}
	}
	var flying []*call
	for i := range requests {
		r := request{method: "GET", target: b.o.Paths.Plain}
		if i%10 == 0 {
			r = request{method: "POST", target: b.o.Paths.Plain, body: bytes.Repeat([]byte("x"), i)}
		}
		c, err := b.ask(r)
		if err != nil {
			return err
		}
		if flying = append(flying, c); len(flying) == most || i == requests-1 {
			for _, c := range flying {
				if err := c.answered(); err != nil {
					return err
				}
			}
			flying = nil
		}
	}
	return b.counted()
}

// counted waits until the rows of all workers say that each request was run, once.
func (b *bench) counted() error {
	sum := func() (sum uint64) {
		for _, h := range b.hands {
			sum += h.count()
		}
		return sum
	}
	if err := b.await(func() bool { return sum() == b.asked }); err != nil {
		return fmt.Errorf("after %d requests the workers' rows count %d", b.asked, sum())
	}
	return nil
}

// again makes the socket non-blocking for a moment, as another worker might.
func again(b *bench) error {
	h, err := b.hire()
	if err != nil {
		return err
	}
	if err := b.get(); err != nil {
		return err
	}
	for range 5 { // the server puts it right soon
		if err := h.idles(); err != nil {
			return err
		}
		if err := unix.SetNonblock(h.shared, true); err != nil {
			return err
		}
		err := b.get() // the read after this one meets it
		if h.isDead() {
			return fmt.Errorf("its end when a read failed with EAGAIN: %s", h.cmd.ProcessState)
		}
		if err != nil {
			return err
		}
	}
	return b.get()
}

// person asks as curl --unix-socket does.
func person(b *bench) error {
	h, err := b.hire()
	if err != nil {
		return err
	}
	c, err := net.Dial("unix", filepath.Join(b.dir, "socket"))
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(b.o.Timeout)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: check.test\r\n\r\n", b.o.Paths.Plain); err != nil {
		return err
	}
	answer := make([]byte, 64)
	n, err := c.Read(answer)
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	if !bytes.HasPrefix(answer[:n], []byte("HTTP/1.1 ")) {
		return fmt.Errorf("the answer begins with %q", answer[:n])
	}
	if h.claim() != 0 {
		return errors.New("it claims a request that has no id")
	}
	return b.get()
}
