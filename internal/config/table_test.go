package config

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// sample is two values of an option, other than its default.
type sample struct {
	get       func(*Config) any
	first     string
	wantFirst any
	other     string
	wantOther any
	with      []string // what the values need beside them
}

func samples(dir string) map[string]sample {
	prefixes := func(list ...string) (want []netip.Prefix) {
		for _, text := range list {
			want = append(want, netip.MustParsePrefix(text))
		}
		return want
	}
	type where struct {
		host string
		port int
	}
	return map[string]sample{
		"workers":      {get: func(c *Config) any { return c.Workers }, first: "3", wantFirst: 3, other: "256", wantOther: 256},
		"max-requests": {get: func(c *Config) any { return c.MaxRequests }, first: "0", wantFirst: 0, other: "50", wantOther: 50},
		"http": {get: func(c *Config) any { return where{c.Host, c.Port} }, first: "3000", wantFirst: where{"localhost", 3000},
			other: "[::1]:3001", wantOther: where{"::1", 3001}},
		"env": {get: func(c *Config) any { return c.Env }, first: "production", wantFirst: Production, other: "development", wantOther: Development},
		"hot-reload": {get: func(c *Config) any { return c.HotReload }, first: "none", wantFirst: ReloadNone,
			other: "process", wantOther: ReloadProcess},
		"max-reloads": {get: func(c *Config) any { return c.MaxReloads }, first: "0", wantFirst: 0, other: "20", wantOther: 20},
		"watch": {get: func(c *Config) any { return c.Watch }, first: "true", wantFirst: true, other: "false", wantOther: false,
			with: []string{"--hot-reload=process"}},
		"max-memory": {get: func(c *Config) any { return c.MaxMemory }, first: "64MB", wantFirst: int64(64_000_000), other: "1g", wantOther: int64(1 << 30)},
		"max-memory-hard": {get: func(c *Config) any { return c.MaxMemoryHard }, first: "64MiB", wantFirst: int64(64 << 20),
			other: "512m", wantOther: int64(512 << 20)},
		"socket": {get: func(c *Config) any { return c.Socket }, first: "stream", wantFirst: Stream, other: defaultSocket(), wantOther: defaultSocket()},
		"exec": {get: func(c *Config) any { return c.Exec }, first: "gunicorn 'a b'", wantFirst: []string{"gunicorn", "a b"},
			other: `./run "x"`, wantOther: []string{"./run", "x"}},
		"send-buffer": {get: func(c *Config) any { return c.SendBuffer }, first: "65536", wantFirst: 65536, other: "4MiB", wantOther: 4 << 20},
		"name":        {get: func(c *Config) any { return c.Name }, first: "Shop", wantFirst: "Shop", other: "a.b_c-1", wantOther: "a.b_c-1"},
		"kind":        {get: func(c *Config) any { return c.Kind }, first: "python", wantFirst: "python", other: "go", wantOther: "go"},
		"entry":       {get: func(c *Config) any { return c.Entry }, first: "shop:app", wantFirst: "shop:app", other: "src/a.py:make()", wantOther: "src/a.py:make()"},
		"python": {get: func(c *Config) any { return c.Python }, first: "python3.11", wantFirst: "python3.11",
			other: "/usr/bin/python3", wantOther: "/usr/bin/python3"},
		"node": {get: func(c *Config) any { return c.Node }, first: "node22", wantFirst: "node22",
			other: "/usr/bin/node", wantOther: "/usr/bin/node"},
		"capsules": {get: func(c *Config) any { return c.Capsules }, first: "off", wantFirst: "", other: filepath.Join(dir, "kept"),
			wantOther: filepath.Join(dir, "kept")},
		"quarantine": {get: func(c *Config) any { return c.Quarantine }, first: "1m", wantFirst: time.Minute, other: "off", wantOther: time.Duration(0)},

		"max-queue":       {get: func(c *Config) any { return c.MaxQueue }, first: "1", wantFirst: 1, other: "100000", wantOther: 100_000},
		"queue-timeout":   {get: func(c *Config) any { return c.QueueTimeout }, first: "0", wantFirst: time.Duration(0), other: "1m30s", wantOther: 90 * time.Second},
		"request-timeout": {get: func(c *Config) any { return c.RequestTimeout }, first: "0s", wantFirst: time.Duration(0), other: "2h", wantOther: 2 * time.Hour},
		"drain-timeout":   {get: func(c *Config) any { return c.DrainTimeout }, first: "500ms", wantFirst: 500 * time.Millisecond, other: "5s", wantOther: 5 * time.Second},

		"json-logging": {get: func(c *Config) any { return c.JSONLogging }, first: "true", wantFirst: true, other: "false", wantOther: false},
		"access-log":   {get: func(c *Config) any { return c.AccessLog }, first: "false", wantFirst: false, other: "true", wantOther: true},
		"status-path":  {get: func(c *Config) any { return c.StatusPath }, first: "off", wantFirst: "", other: "/-/status", wantOther: "/-/status"},
		"server-path":  {get: func(c *Config) any { return c.ServerPath }, first: "/up", wantFirst: "/up", other: "off", wantOther: ""},

		"max-body":            {get: func(c *Config) any { return c.MaxBody }, first: "1", wantFirst: int64(1), other: "2GB", wantOther: int64(2_000_000_000)},
		"max-head":            {get: func(c *Config) any { return c.MaxHead }, first: "4k", wantFirst: 4096, other: "48KiB", wantOther: 48 << 10},
		"max-target":          {get: func(c *Config) any { return c.MaxTarget }, first: "64", wantFirst: 64, other: "32KiB", wantOther: 32 << 10},
		"max-fields":          {get: func(c *Config) any { return c.MaxFields }, first: "1", wantFirst: 1, other: "10000", wantOther: 10_000},
		"head-timeout":        {get: func(c *Config) any { return c.HeadTimeout }, first: "1s", wantFirst: time.Second, other: "2s", wantOther: 2 * time.Second},
		"body-timeout":        {get: func(c *Config) any { return c.BodyTimeout }, first: "1s", wantFirst: time.Second, other: "2s", wantOther: 2 * time.Second},
		"write-timeout":       {get: func(c *Config) any { return c.WriteTimeout }, first: "1s", wantFirst: time.Second, other: "2s", wantOther: 2 * time.Second},
		"idle-timeout":        {get: func(c *Config) any { return c.IdleTimeout }, first: "1s", wantFirst: time.Second, other: "2s", wantOther: 2 * time.Second},
		"keep-alive-requests": {get: func(c *Config) any { return c.KeepAliveRequests }, first: "1", wantFirst: 1, other: "1000", wantOther: 1000},
		"max-connections":     {get: func(c *Config) any { return c.MaxConnections }, first: "1", wantFirst: 1, other: "10000", wantOther: 10_000},
		"max-connections-per-address": {get: func(c *Config) any { return c.MaxConnectionsPerAddress }, first: "1", wantFirst: 1,
			other: "100", wantOther: 100},
		"max-spool": {get: func(c *Config) any { return c.MaxSpool }, first: "64K", wantFirst: int64(64 << 10), other: "1T", wantOther: int64(1 << 40)},
		"spool-dir": {get: func(c *Config) any { return c.SpoolDir }, first: filepath.Join(dir, "new"), wantFirst: filepath.Join(dir, "new"),
			other: dir, wantOther: dir},
		"trusted-proxies": {get: func(c *Config) any { return c.TrustedProxies }, first: "10.0.0.0/8, ::1", wantFirst: prefixes("10.0.0.0/8", "::1/128"),
			other: "off", wantOther: []netip.Prefix(nil)},
		"sendfile-roots": {get: func(c *Config) any { return c.SendfileRoots }, first: dir, wantFirst: []string{dir},
			other: "off", wantOther: []string(nil)},
	}
}

func TestEveryOptionFromEverySource(t *testing.T) {
	dir := app(t, "")
	all := samples(dir)
	for i := range table {
		o := &table[i]
		if o.name == "config" || o.name == "command" || o.kind.table {
			continue // see TestConfigFile, TestCommand, TestStatic
		}
		s, ok := all[o.name]
		if !ok {
			t.Errorf("%s: no sample", o.name)
			continue
		}
		delete(all, o.name)
		t.Run(o.name, func(t *testing.T) { s.try(t, o, dir) })
	}
	for name := range all {
		t.Errorf("%s: a sample of no option", name)
	}
}

func (s sample) try(t *testing.T, o *option, dir string) {
	flag := func(text string) []string { return []string{"--" + o.name + "=" + text} }
	variable := func(text string) []string { return []string{o.variable() + "=" + text} }
	key := func(text string) string { return fmt.Sprintf("%s = %q\n", o.name, text) }
	tests := []struct {
		name   string
		args   []string
		env    []string
		file   string
		want   any
		source string
	}{
		{name: "flag", args: flag(s.first), want: s.wantFirst, source: show("--" + o.name + "=" + s.first)},
		{name: "other flag", args: flag(s.other), want: s.wantOther, source: show("--" + o.name + "=" + s.other)},
		{name: "variable", env: variable(s.first), want: s.wantFirst, source: show(o.variable() + "=" + s.first)},
		{name: "other variable", env: variable(s.other), want: s.wantOther, source: show(o.variable() + "=" + s.other)},
		{name: "key", file: key(s.first), want: s.wantFirst, source: fmt.Sprintf("app/rip.toml:1: %s = %q", o.name, s.first)},
		{name: "other key", file: "\n# two\n" + key(s.other), want: s.wantOther, source: fmt.Sprintf("app/rip.toml:3: %s = %q", o.name, s.other)},
		{name: "variable over key", env: variable(s.other), file: key(s.first), want: s.wantOther, source: show(o.variable() + "=" + s.other)},
		{name: "flag over variable", args: flag(s.other), env: variable(s.first), want: s.wantOther, source: show("--" + o.name + "=" + s.other)},
		{name: "flag over key", args: flag(s.first), file: key(s.other), want: s.wantFirst, source: show("--" + o.name + "=" + s.first)},
		{name: "empty variable", args: flag(s.first), env: variable(""), want: s.wantFirst, source: show("--" + o.name + "=" + s.first)},
	}
	for _, test := range tests {
		s.check(t, o, test.name, append(test.args, s.with...), test.env, test.file, test.want, test.source)
	}
	if !o.isSwitch() {
		s.check(t, o, "flag and value apart", append([]string{"--" + o.name, s.first}, s.with...), nil, "", s.wantFirst, "--"+o.name+" "+show(s.first))
	} else {
		s.check(t, o, "flag alone", append([]string{"--" + o.name}, s.with...), nil, "", true, "--"+o.name)
		s.check(t, o, "flag with no-", append([]string{"--no-" + o.name}, s.with...), nil, "", false, "--no-"+o.name)
		s.check(t, o, "variable with NO_", s.with, []string{"RIP_NO_" + o.variable()[4:] + "=yes"}, "", false, "RIP_NO_"+o.variable()[4:]+"=yes")
		s.check(t, o, "key with no-", s.with, nil, "no-"+o.name+" = false\n", true, "app/rip.toml:1: no-"+o.name+" = false")
	}
	if o.token != "" {
		s.check(t, o, "token", []string{o.token + ":" + s.first}, nil, "", s.wantFirst, o.token+":"+s.first)
		s.check(t, o, "token over all", []string{o.token + ":" + s.first}, variable(s.other), key(s.other), s.wantFirst, o.token+":"+s.first)
	}
	if o.alias != "" {
		s.check(t, o, "alias", []string{"--" + o.alias}, nil, "", s.wantFirst, "--"+o.alias)
		s.check(t, o, "alias as variable", nil, []string{"RIP_JSON=1"}, "", s.wantFirst, "RIP_JSON=1")
		s.check(t, o, "alias as key", nil, nil, o.alias+" = true\n", s.wantFirst, "app/rip.toml:1: "+o.alias+" = true")
	}
}

func (s sample) check(t *testing.T, o *option, how string, args, env []string, file string, want any, source string) {
	t.Helper()
	if err := os.WriteFile("app/rip.toml", []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(append(args, "app"), append(env, folderEnv...))
	if err != nil {
		t.Errorf("%s: %v", how, err)
		return
	}
	if got := s.get(c); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %v, want %v", how, got, want)
	}
	if got := c.Source(o.name); got != source {
		t.Errorf("%s: source %q, want %q", how, got, source)
	}
}

// Values that rip.toml need not quote.
func TestPlainValuesInFile(t *testing.T) {
	dir := app(t, "workers = 3\nhttp = 3000\nmax-body = 1_000\nwatch = true\nhot-reload = 'process'\n"+
		"trusted-proxies = [\"10.0.0.0/8\",\n \"::1\"]\nqueue-timeout = 0\nsendfile-roots = []\n")
	c := load(t, "app")
	if c.Workers != 3 || c.Port != 3000 || c.MaxBody != 1000 || !c.Watch || len(c.TrustedProxies) != 2 || c.QueueTimeout != 0 || c.SendfileRoots != nil {
		t.Errorf("%+v", c)
	}
	if c.Path != filepath.Join(dir, "app") || c.Dir != c.Path {
		t.Errorf("path %q, dir %q", c.Path, c.Dir)
	}
}
