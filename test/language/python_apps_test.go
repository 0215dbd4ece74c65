package language

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// startPython starts one of the apps of test/apps, copied to a folder of its
// own, with an interpreter that has the modules it needs. SHOP_FILES is that
// folder.
func startPython(t *testing.T, app string, o driver.Options, modules ...string) (s *driver.Server, dir string) {
	t.Helper()
	python := driver.RequirePython(t, modules...)
	dir = copyApp(t, app)
	o.App, o.Workers = dir, 2
	o.Args = append(o.Args, "--python="+python)
	o.Env = append(o.Env, "SHOP_FILES="+dir)
	return driver.Start(t, o), dir
}

func copyApp(t *testing.T, app string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), app)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "apps", app))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// uploadedFiles are small enough to travel in a record, and not.
var uploadedFiles = map[string]int{"small.bin": 1000, "large.bin": 3 << 20}

func TestFlask(t *testing.T) {
	s, _ := startPython(t, "flask", driver.Options{}, "flask")
	b := newBrowser(t, s)
	b.contains(b.get("/"), "<form method=post")
	in := b.post("/login", "user", "Ada <3")
	b.contains(in, "You are logged in")
	b.contains(in, "Hello Ada &lt;3, visit 2")
	if in.path != "/" || in.header.Get("X-Shop") != "Flask" {
		t.Errorf("after the login: %s, %v", in.path, in.header)
	}
	for name, size := range uploadedFiles {
		content := driver.Noise(size, uint64(size))
		b.upload("/upload", name, content)
		b.download("/download/"+name, content)
	}
	if got := b.get("/report.csv"); got.body != "item,price\ntea,3\n" || !strings.HasPrefix(got.header.Get("Content-Type"), "text/csv") {
		t.Errorf("the report is %q, %v", got.body, got.header)
	}
	if got := b.get("/stream?word=caf%C3%A9"); got.body != "café 0\ncafé 1\ncafé 2\n" {
		t.Errorf("the stream is %q", got.body)
	}
	b.contains(b.post("/logout"), "<form method=post")
	b.breaks("/broken", "KeyError: 'no such key'")
	if got := b.do("GET", "/nowhere", nil); got.status != 404 {
		t.Errorf("nowhere: %d", got.status)
	}
	b.leave()
}

var csrf = regexp.MustCompile(`name="csrfmiddlewaretoken" value="([^"]+)"`)

// submit fills in the form of a page of Django.
func (b *browser) submit(path string, form ...string) page {
	b.t.Helper()
	found := csrf.FindStringSubmatch(b.get(path).body)
	if found == nil {
		b.s.Fatalf("%s has no form", path)
	}
	return b.post(path, append(form, "csrfmiddlewaretoken", found[1])...)
}

func TestDjango(t *testing.T) {
	python := driver.RequirePython(t, "django")
	entries := map[string][]string{"manage.py": nil, "wsgi": {"--entry=shop.wsgi:application"}, "asgi": {"--entry=shop.asgi"}}
	for name, args := range entries {
		t.Run(name, func(t *testing.T) {
			dir := copyApp(t, "django")
			manage := func(args ...string) {
				cmd := exec.Command(python, append([]string{"manage.py"}, args...)...)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), "SHOP_FILES="+dir, "DJANGO_SUPERUSER_PASSWORD=tea", "PYTHONDONTWRITEBYTECODE=1")
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("manage.py %v: %v\n%s", args, err, out)
				}
			}
			manage("migrate", "--verbosity=0")
			manage("createsuperuser", "--noinput", "--username=ada", "--email=ada@example.org")
			s := driver.Start(t, driver.Options{App: dir, Workers: 2, Env: []string{"SHOP_FILES=" + dir}, Args: append(args, "--python="+python)})
			b := newBrowser(t, s)
			useDjango(b)
			if name == "manage.py" { // as runserver does; other servers leave that to whoever is in front
				if css := b.get("/static/admin/css/base.css"); !strings.HasPrefix(css.header.Get("Content-Type"), "text/css") || len(css.body) < 1000 {
					t.Errorf("the style sheet: %v, %d bytes", css.header, len(css.body))
				}
			}
			b.leave()
		})
	}
}

func useDjango(b *browser) {
	b.t.Helper()
	if login := b.get("/admin/"); login.path != "/admin/login/" {
		b.t.Errorf("somebody unknown gets %s", login.path)
	}
	b.contains(b.submit("/admin/login/?next=/admin/", "username", "ada", "password", "wrong"), "Please enter the correct username")
	b.contains(b.submit("/admin/login/?next=/admin/", "username", "ada", "password", "tea"), "Site administration")
	for i := range 5 {
		b.contains(b.submit("/admin/auth/group/add/", "name", fmt.Sprintf("Group %d", i)), "was added successfully")
	}
	list := b.get("/admin/auth/group/?q=Group")
	b.contains(list, "5 groups")
	b.contains(list, "Group 4")
	for i := range 3 {
		b.contains(b.get("/visits"), fmt.Sprintf(`{"visits": %d, "user": "ada"}`, i+1))
	}
	for name, size := range uploadedFiles {
		content := driver.Noise(size, uint64(size))
		b.upload("/upload", name, content)
		p := b.get("/download/" + name)
		if p.body != string(content) || !strings.Contains(p.header.Get("Content-Disposition"), "attachment") {
			b.t.Errorf("the download of %s: %d with %d bytes, %v", name, p.status, len(p.body), p.header)
		}
	}
	if p := b.do("GET", "/nowhere", nil); p.status != 404 {
		b.t.Errorf("nowhere: %d", p.status)
	}
}

// A change of a Django project takes new workers; requests wait for them.
func TestDjangoReload(t *testing.T) {
	python := driver.RequirePython(t, "django")
	dir := copyApp(t, "django")
	s := driver.Start(t, driver.Options{App: dir, Workers: 2, Env: []string{"SHOP_FILES=" + dir}, Args: []string{"--python=" + python}})
	b := newBrowser(t, s)
	urls := filepath.Join(dir, "shop", "urls.py")
	text, err := os.ReadFile(urls)
	if err != nil {
		t.Fatal(err)
	}
	more := string(text) + "\nurlpatterns.append(path('tea', lambda request: JsonResponse({'tea': 3})))\n"
	if err := os.WriteFile(urls, []byte(more), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Eventually("the new page is there", func() error {
		if p := b.do("GET", "/tea", nil); p.body != `{"tea": 3}` {
			return fmt.Errorf("it is %d", p.status)
		}
		return nil
	})
	s.AwaitHealthy()
}

func TestStarlette(t *testing.T) {
	s, _ := startPython(t, "starlette", driver.Options{}, "starlette", "multipart", "itsdangerous")
	b := newBrowser(t, s)
	b.contains(b.get("/"), "Hello stranger, visit 1")
	b.contains(b.post("/login", "user", "Ada"), "Hello Ada, visit 2")
	for name, size := range uploadedFiles {
		content := driver.Noise(size, uint64(size))
		b.upload("/upload", name, content)
		p := b.get("/download/" + name)
		if p.body != string(content) || !strings.Contains(p.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("the download of %s: %d with %d bytes, %v", name, p.status, len(p.body), p.header)
		}
	}
	if got := b.get("/stream?word=tea"); got.body != "tea 0\ntea 1\ntea 2\n" {
		t.Errorf("the stream is %q", got.body)
	}
	b.breaks("/broken", "KeyError: 'no such key'")
	// Starlette raises it behind its reply.
	if line := s.LastLine("exception in GET /broken"); line.ID == "" {
		t.Errorf("the exception is not in the log under its request: %+v", line)
	}
	b.leave()
	if status := s.Stop(); status != 0 || len(s.LogLines("the app has ended")) != 2 {
		t.Errorf("exit status %d, and %d workers have ended their lifespan", status, len(s.LogLines("the app has ended")))
	}
}

// What an app does behind its replies goes on while its worker waits for the
// next request, and while it sleeps nobody else has to.
func TestBackground(t *testing.T) {
	python := driver.RequirePython(t, "starlette")
	s := driver.Start(t, driver.Options{App: copyApp(t, "starlette"), Workers: 1, Args: []string{"--python=" + python}})
	b := newBrowser(t, s)
	b.contains(b.get("/later"), "soon")
	first := b.get("/done") // answered while the task still sleeps, or after it
	b.contains(first, `"started":true`)
	s.Eventually("the task is done", func() error {
		if p := b.get("/done"); !strings.Contains(p.body, `"done":["later"]`) {
			return fmt.Errorf("done is %s", p.body)
		}
		return nil
	})
	c, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Send(&driver.Request{Target: "/endless"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.ReceiveHead("GET"); err != nil {
		t.Fatal(err)
	}
	c.Close() // and not its body, which would be read to its end
	s.Eventually("the app knows that the client has gone", func() error {
		if p := b.get("/done"); !strings.Contains(p.body, `"endless"`) {
			return fmt.Errorf("done is %s", p.body)
		}
		return nil
	})
	b.leave()
}

func TestFastAPI(t *testing.T) {
	s, _ := startPython(t, "fastapi", driver.Options{}, "fastapi")
	b := newBrowser(t, s)
	b.contains(b.get("/items/tea"), `{"name":"tea","price":3,"main":false}`)
	b.contains(b.do("GET", "/items/coffee", nil), `{"detail":"no such item"}`)
	put := func(body string) page {
		return b.do("PUT", "/items", strings.NewReader(body), "Content-Type: application/json")
	}
	b.contains(put(`{"name":"cake","price":5}`), `{"name":"cake","price":5}`)
	if p := put(`{"name":"cake","price":"much"}`); p.status != 422 {
		t.Errorf("a wrong item gets %d %s", p.status, p.body)
	}
	b.contains(b.get("/openapi.json"), `"title":"Shop"`)
	b.contains(b.get("/docs"), "swagger")
	b.leave()
}
