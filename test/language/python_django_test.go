package language

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// views are the pages of a project in a module of their own, which Django does
// not import before the first request.
func views(t *testing.T, dir, text string) {
	t.Helper()
	writeTree(t, dir, map[string]string{
		"shop/views.py": "from django.http import HttpResponse\n\ndef home(request):\n    return HttpResponse(" + text + ")\n",
		"shop/urls.py":  "from django.urls import path\nfrom shop import views\n\nurlpatterns = [path('', views.home)]\n",
	})
}

// A Django project whose views cannot be imported does not start, and does not
// take the place of one that runs.
func TestDjangoThatCannotBeImported(t *testing.T) {
	python := driver.RequirePython(t, "django")
	for name, args := range map[string][]string{"manage.py": nil, "wsgi": {"--entry=shop.wsgi:application"}, "asgi": {"--entry=shop.asgi"}} {
		t.Run(name, func(t *testing.T) {
			dir := copyApp(t, "django")
			views(t, dir, "'one'")
			args := append(args, "--python="+python, driver.Still)
			s := driver.Start(t, driver.Options{App: dir, Workers: 2, Env: []string{"SHOP_FILES=" + dir}, Args: args})
			if got := s.Get("/"); got != "one" {
				t.Errorf("the page is %q", got)
			}
			before := s.WorkerPIDs()
			views(t, dir, "'two'))")
			if out, status := s.Run("restart"); status == 0 || !strings.Contains(out, "SyntaxError") {
				t.Errorf("restart: exit status %d, printed %s", status, out)
			}
			if got := s.Get("/"); got != "one" || !slices.Equal(s.WorkerPIDs(), before) {
				t.Errorf("the page is %q, workers were %v and are %v", got, before, s.WorkerPIDs())
			}
			views(t, dir, "'three'")
			if out, status := s.Run("restart"); status != 0 {
				t.Errorf("restart: exit status %d, printed %s", status, out)
			}
			if got := s.Get("/"); got != "three" {
				t.Errorf("the page is %q", got)
			}
			s.Stop()

			views(t, dir, "'four'))")
			s = driver.Start(t, driver.Options{App: dir, Workers: 1, Env: []string{"SHOP_FILES=" + dir}, Args: args, Pending: true})
			s.Eventually("the log says what is wrong", func() error {
				if len(s.LogLines("worker did not start")) == 0 || len(s.LogLines("SyntaxError: unmatched")) == 0 {
					return errors.New("it does not")
				}
				return nil
			})
			s.Stop()
		})
	}
}

// The same holds for a worker that loads changed code again: its entry is a
// file that does not name Django.
func TestDjangoLoadedAgain(t *testing.T) {
	python := driver.RequirePython(t, "django")
	dir := copyApp(t, "django")
	views(t, dir, "'one'")
	writeTree(t, dir, map[string]string{"app.py": "from shop.wsgi import application\n"})
	s := driver.Start(t, driver.Options{App: dir, Workers: 1, Env: []string{"SHOP_FILES=" + dir}, Args: []string{"--entry=app", "--python=" + python}})
	becomes := func(want string) {
		s.Eventually("the page is "+want, func() error {
			if got := s.Get("/"); got != want {
				return fmt.Errorf("it is %q", got)
			}
			return nil
		})
	}
	becomes("one")
	before := s.WorkerPIDs()
	views(t, dir, "'two'")
	becomes("two")
	views(t, dir, "'three'))")
	s.Eventually("the error is known", func() error {
		if got := s.Get("/"); got != "two" {
			return fmt.Errorf("the page is %q", got)
		}
		if last := s.FullStatus().LastError; !strings.Contains(last, "SyntaxError") || !strings.Contains(last, "views.py") {
			return fmt.Errorf("last error %q", last)
		}
		return nil
	})
	views(t, dir, "'four'")
	becomes("four")
	if now := s.WorkerPIDs(); !slices.Equal(now, before) {
		t.Errorf("the workers were %v and are %v", before, now)
	}
}

// An app that uses Django without having it answer requests needs no urlconf.
func TestDjangoBesideAnApp(t *testing.T) {
	python := driver.RequirePython(t, "django")
	for name, settings := range map[string]string{"none": "", "broken": ", ROOT_URLCONF='nowhere'"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "app")
			writeTree(t, dir, map[string]string{"main.py": "import django\nfrom django.conf import settings\nfrom django.template import engines\n\n" +
				"settings.configure(TEMPLATES=[{'BACKEND': 'django.template.backends.django.DjangoTemplates'}]" + settings + ")\n" +
				"django.setup()\n\ndef app(environ, start_response):\n    start_response('200 OK', [])\n" +
				"    return [engines['django'].from_string('{{ 3 }} teas').render().encode()]\n"})
			s := driver.Start(t, driver.Options{App: dir, Workers: 1, Args: []string{"--python=" + python}})
			if got := s.Get("/"); got != "3 teas" {
				t.Errorf("the page is %q", got)
			}
			s.Settled()
		})
	}
}
