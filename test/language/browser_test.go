package language

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// browser uses an app as a person does: it keeps cookies and follows redirects.
type browser struct {
	t      *testing.T
	s      *driver.Server
	client *http.Client
}

// page is what a browser gets.
type page struct {
	status int
	header http.Header
	body   string
	path   string // after redirects
}

func newBrowser(t *testing.T, s *driver.Server) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &browser{t, s, &http.Client{Jar: jar, Transport: transport, Timeout: driver.Patience}}
}

func (b *browser) do(method, path string, body io.Reader, fields ...string) page {
	b.t.Helper()
	q, err := http.NewRequest(method, b.s.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		q.Header.Set(name, value)
	}
	a, err := b.client.Do(q)
	if err != nil {
		b.s.Fatalf("%s %s: %v", method, path, err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		b.s.Fatalf("%s %s: %v", method, path, err)
	}
	return page{a.StatusCode, a.Header, string(text), a.Request.URL.Path}
}

// get asks for a page, which must be there.
func (b *browser) get(path string, fields ...string) page {
	b.t.Helper()
	p := b.do("GET", path, nil, fields...)
	if p.status >= 400 {
		b.s.Fatalf("GET %s: %d %s", path, p.status, p.body)
	}
	return p
}

// post sends a form of names and values, and follows the redirect.
func (b *browser) post(path string, form ...string) page {
	b.t.Helper()
	values := url.Values{}
	for i := 0; i < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	p := b.do("POST", path, strings.NewReader(values.Encode()),
		"Content-Type: application/x-www-form-urlencoded", "Referer: "+b.s.URL+path)
	if p.status >= 400 {
		b.s.Fatalf("POST %s: %d %s", path, p.status, p.body)
	}
	return p
}

// upload sends a file and a note in a form; the app answers with what it got.
func (b *browser) upload(path, name string, content []byte) {
	b.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	file, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	file.Write(content)
	w.WriteField("note", "for tea")
	w.Close()
	p := b.do("POST", path, &form, "Content-Type: "+w.FormDataContentType())
	got := struct {
		Name, Note, SHA256 string
		Size               int
	}{}
	sum := sha256.Sum256(content)
	if err := json.Unmarshal([]byte(p.body), &got); err != nil || got.Name != name || got.Note != "for tea" || got.Size != len(content) {
		b.s.Fatalf("the upload of %d bytes: %d %s, %v", len(content), p.status, p.body, err)
	}
	if got.SHA256 != "" && got.SHA256 != hex.EncodeToString(sum[:]) {
		b.t.Errorf("the app got other bytes than were sent")
	}
}

// download gets a file, whole, in part, and not again.
func (b *browser) download(path string, content []byte) {
	b.t.Helper()
	p := b.get(path)
	if p.body != string(content) || !strings.Contains(p.header.Get("Content-Disposition"), "attachment") {
		b.t.Errorf("%s: %d with %d bytes, want %d; %v", path, p.status, len(p.body), len(content), p.header)
	}
	if part := b.do("GET", path, nil, "Range: bytes=10-19"); part.status != 206 || part.body != string(content[10:20]) {
		b.t.Errorf("%s: a range gets %d %q", path, part.status, part.body[:min(len(part.body), 100)])
	}
	if again := b.do("GET", path, nil, "If-Modified-Since: "+p.header.Get("Last-Modified")); again.status != 304 {
		b.t.Errorf("%s: what has not changed gets %d", path, again.status)
	}
}

// breaks asks for a page that fails, whose traceback is in the log.
func (b *browser) breaks(path, line string) {
	b.t.Helper()
	if p := b.do("GET", path, nil); p.status != 500 {
		b.t.Errorf("%s: %d %s", path, p.status, p.body)
	}
	b.s.Eventually("the log says why", func() error {
		if len(b.s.LogLines(line)) == 0 {
			return errors.New("it does not")
		}
		return nil
	})
}

// leave closes the browser; the server has to come to rest.
func (b *browser) leave() {
	b.t.Helper()
	b.client.CloseIdleConnections()
	b.s.Settled()
}

// contains ends the test unless the page has a text.
func (b *browser) contains(p page, text string) {
	b.t.Helper()
	if !strings.Contains(p.body, text) {
		b.s.Fatalf("%q is not in %s: %d %s", text, p.path, p.status, p.body)
	}
}
