package language

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// shop is a person who uses one of the shops in test/apps/node.
type shop struct {
	t      *testing.T
	url    string
	client *http.Client
}

func newShop(t *testing.T, s *driver.Server) *shop {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	return &shop{t: t, url: s.URL, client: client}
}

// drain returns the body of an answer.
func (p *shop) drain(r *http.Response, err error) string {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Fatalf("%s: %v", r.Request.URL, err)
	}
	return string(body)
}

// expect checks the status of an answer and returns its body.
func (p *shop) expect(status int, r *http.Response, err error) string {
	p.t.Helper()
	body := p.drain(r, err)
	if r.StatusCode != status {
		p.t.Fatalf("%s: status %d, want %d: %.300s", r.Request.URL, r.StatusCode, status, body)
	}
	return body
}

func (p *shop) get(status int, path string) string {
	p.t.Helper()
	r, err := p.client.Get(p.url + path)
	return p.expect(status, r, err)
}

func (p *shop) same(what, got, want string) {
	p.t.Helper()
	if got != want {
		p.t.Errorf("%s: got %.300q, want %.300q", what, got, want)
	}
}

// visit does everything that can be done there.
func (p *shop) visit(name string, big []byte) {
	p.t.Helper()
	if page := p.get(200, "/"); !strings.Contains(page, "<form") {
		p.t.Errorf("the page is %q", page)
	}
	p.same("a stranger", p.get(401, "/me"), "who are you?")
	r, err := p.client.PostForm(p.url+"/login", url.Values{"name": {name}})
	p.same("after the redirect", p.expect(200, r, err), fmt.Sprintf(`{"name":%q,"visits":1,"ip":"127.0.0.1"}`, name))
	for i := 2; i <= 4; i++ {
		p.same("the session", p.get(200, "/me"), fmt.Sprintf(`{"name":%q,"visits":%d,"ip":"127.0.0.1"}`, name, i))
	}
	for _, data := range [][]byte{big[:1000], big} {
		p.upload(data)
	}
	for _, path := range []string{"/download", "/files/big.bin"} {
		if got := p.get(200, path); got != string(big) {
			p.t.Errorf("%s: %d bytes that are not the file's %d", path, len(got), len(big))
		}
	}
	p.get(404, "/files/none.bin")
	p.get(404, "/nowhere")
	p.same("a parameter", p.get(200, "/items/42?colour=dark%20blue"), `{"id":"42","colour":"dark blue"}`)
	r, err = p.client.Post(p.url+"/items", "application/json", strings.NewReader(`{"id":7}`))
	p.same("what was posted", p.expect(201, r, err), `{"id":7}`)
	p.same("where it is", r.Header.Get("Location"), "/items/7")
	r, err = p.client.Post(p.url+"/items", "application/json", strings.NewReader(`{`))
	if p.drain(r, err); r.StatusCode < 400 {
		p.t.Errorf("half a document is answered with %d", r.StatusCode)
	}
	p.same("a stream", p.get(200, "/stream"), "part 0\npart 1\npart 2\n")
	p.same("an error", p.get(500, "/fails"), `{"error":"this route fails"}`)
	r, err = p.client.Head(p.url + "/download")
	p.expect(200, r, err)
	if r.ContentLength != int64(len(big)) || !strings.Contains(r.Header.Get("Content-Disposition"), "big file.bin") {
		p.t.Errorf("HEAD of a download: %d bytes, %v", r.ContentLength, r.Header)
	}
	r, err = p.client.PostForm(p.url+"/logout", nil)
	p.expect(200, r, err)
	p.get(401, "/me")
}

func (p *shop) upload(data []byte) {
	p.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_ = w.WriteField("note", "grüße")
	part, _ := w.CreateFormFile("file", "holiday.jpg")
	_, _ = part.Write(data)
	_ = w.Close()
	r, err := p.client.Post(p.url+"/upload", w.FormDataContentType(), &form)
	var got struct {
		Name, SHA256, Note string
		Size               int
	}
	if err := json.Unmarshal([]byte(p.expect(200, r, err)), &got); err != nil {
		p.t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	if got.Name != "holiday.jpg" || got.Note != "grüße" || got.Size != len(data) || got.SHA256 != hex.EncodeToString(sum[:]) {
		p.t.Errorf("an upload of %d bytes arrived as %+v", len(data), got)
	}
}

// Apps with the frameworks that people use, unchanged, used as people do, by
// several at a time.
func TestNodeApps(t *testing.T) {
	driver.Require(t, "node")
	if _, err := os.Stat("../apps/node/node_modules"); err != nil {
		driver.LeaveOut(t, "the packages of test/apps/node are not installed (npm ci --prefix test/apps/node)")
	}
	files := t.TempDir()
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	if err := os.WriteFile(filepath.Join(files, "big.bin"), big, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, app := range []struct {
		folder string
		env    []string
	}{
		{folder: "express"}, {folder: "fastify"}, {folder: "hono"},
		{folder: "hono", env: []string{"SHOP_EXPORT=1"}},
	} {
		t.Run(strings.Join(append([]string{app.folder}, app.env...), " "), func(t *testing.T) {
			s := driver.Start(t, driver.Options{App: filepath.Join("test/apps/node", app.folder), Workers: 2,
				Env: append(app.env, "SHOP_FILES="+files, "SHOP_DATA="+t.TempDir())})
			var people sync.WaitGroup
			for i := range 3 {
				person := newShop(t, s)
				people.Go(func() { person.visit(fmt.Sprintf("person %d", i), big) })
			}
			people.Wait()
			s.AwaitHealthy()
			if status := s.Stop(); status != 0 {
				t.Errorf("exit status %d", status)
			}
		})
	}
}
