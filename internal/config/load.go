package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// setting is a value for an option and where it came from.
type setting struct {
	option *option
	value  string
	source string // as the problem names it
	form   func(o *option, v string) string
}

// Load fills a Config: tokens and flags win over the environment, that over
// rip.toml, and that over defaults. The error is a *Problem.
func Load(args, environ []string) (*Config, error) {
	given, app, err := parseArgs(args)
	if err != nil {
		return nil, err
	}
	if app == "" {
		return nil, &Problem{Text: "no app path was given", Hint: "rip-server <app-path> w:4 http:5002; rip-server help says more", Usage: true}
	}
	c := &Config{Env: Development}
	if err := c.locate(app); err != nil {
		return nil, err
	}
	fromEnv := environment(environ)
	for _, s := range append(fromEnv, given...) {
		if s.option.name == "config" {
			c.File = s.value
		}
	}
	fromFile, err := c.readFile()
	if err != nil {
		return nil, err
	}
	for i := range options {
		// Initial values of options pass their own check, or a test fails.
		if o := &options[i]; o.initial != "" && o.name != "http" {
			o.set(c, o.initial)
		}
	}
	c.Port = 5002
	c.Socket = defaultSocket
	file := c.File
	for _, list := range [][]setting{fromFile, fromEnv, given} {
		for _, s := range list {
			if want := s.option.set(c, s.value); want != "" {
				return nil, &Problem{
					Text:  fmt.Sprintf("%s: %q is not %s", s.source, s.value, want),
					Hint:  "for example " + s.form(s.option, s.option.example),
					Usage: true,
				}
			}
		}
	}
	c.File = file
	return c, c.finish(environ)
}

// locate finds the app that a path names.
func (c *Config) locate(app string) error {
	abs, err := filepath.Abs(app)
	if err != nil {
		return &Problem{Text: fmt.Sprintf("app path %q: %v", app, err), Hint: "give an absolute path"}
	}
	c.Path = abs
	if _, err := os.Stat(abs); err != nil {
		p := &Problem{Text: fmt.Sprintf("app path %q does not exist", app), Hint: "looked for " + abs}
		if !errors.Is(err, fs.ErrNotExist) {
			p.Text = fmt.Sprintf("app path %q: %v", app, errors.Unwrap(err))
		}
		if near := nearPath(abs); near != "" {
			p.Hint = fmt.Sprintf("did you mean %s?", filepath.Join(filepath.Dir(app), near))
		} else if near := Nearest(app, commands); near != "" && !strings.ContainsAny(app, "/.") {
			p.Hint = fmt.Sprintf("did you mean the command rip-server %s?", near)
		}
		return p
	}
	return nil
}

// commands are the words that are no app paths; for hints.
var commands = []string{"status", "stop", "restart", "list", "version", "help"}

func nearPath(abs string) string {
	entries, err := os.ReadDir(filepath.Dir(abs))
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return Nearest(filepath.Base(abs), names)
}

// finish derives what depends on other settings.
func (c *Config) finish(environ []string) error {
	if c.HotReload == "" {
		c.HotReload = ReloadModule
		if c.Env == Production {
			c.HotReload = ReloadNone
		}
	}
	if c.Socket == "seqpacket" && runtime.GOOS != "linux" {
		return &Problem{Text: "the socket type seqpacket needs Linux", Hint: "use --socket=stream", Usage: true}
	}
	if c.Watch && c.HotReload != ReloadProcess {
		return &Problem{
			Text: fmt.Sprintf("--watch is for --hot-reload=process, not %s", c.HotReload),
			Hint: "add --hot-reload=process", Usage: true,
		}
	}
	if c.Name == "" {
		c.Name = NameOf(c.Path)
	}
	if c.SendfileRoots == nil {
		c.SendfileRoots = []string{c.Dir()}
	}
	var err error
	if c.RunDir, err = RunDir(environ); err != nil {
		return err
	}
	c.CacheDir, err = cacheDir(environ)
	return err
}

// Dir returns the app's folder: its path, or the one that holds it.
func (c *Config) Dir() string {
	if info, err := os.Stat(c.Path); err == nil && !info.IsDir() {
		return filepath.Dir(c.Path)
	}
	return c.Path
}

// NameOf returns the name that an app at that path has by default.
func NameOf(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	base := filepath.Base(path)
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		base = strings.TrimSuffix(base, filepath.Ext(base))
	}
	if name := cleanName(base); name != "" {
		return name
	}
	return "app"
}
