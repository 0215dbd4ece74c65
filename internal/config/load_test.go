package config

import (
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
	"time"
)

func TestDefaults(t *testing.T) {
	dir := app(t, "")
	c := load(t, "app")
	want := Config{
		Path: filepath.Join(dir, "app"), Dir: filepath.Join(dir, "app"), Name: "app",
		Workers: min(runtime.GOMAXPROCS(0), 256), MaxRequests: 10000, Host: "localhost", Port: 5002, Env: Development,
		HotReload: ReloadModule, MaxReloads: 10, Socket: defaultSocket(),
		Capsules: c.Capsules, Quarantine: 30 * time.Second,
		MaxQueue: 8192, QueueTimeout: 10 * time.Second, RequestTimeout: 30 * time.Second, DrainTimeout: 30 * time.Second,
		AccessLog: true, StatusPath: "/status", ServerPath: "/server",
		MaxHead: 32 << 10, MaxTarget: 8 << 10, MaxFields: 100, MaxBody: 100 << 20, MaxSpool: 1 << 30,
		HeadTimeout: 10 * time.Second, BodyTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 75 * time.Second,
		SendfileRoots: []string{filepath.Join(dir, "app")}, SpoolDir: filepath.Join(dir, "cache", "spool"),
		RunDir: c.RunDir, CacheDir: c.CacheDir, sources: c.sources, run: c.run,
	}
	if !reflect.DeepEqual(*c, want) {
		t.Errorf("got  %+v\nwant %+v", *c, want)
	}
	if len(c.sources) != 0 {
		t.Errorf("sources of defaults: %v", c.sources)
	}
	c = load(t, "app", "--env=production")
	if c.HotReload != ReloadNone || c.Host != "*" || c.Port != 5002 {
		t.Errorf("in production: %s, %s:%d", c.HotReload, c.Host, c.Port)
	}
}

func TestValuesTogether(t *testing.T) {
	app(t, "")
	tests := []struct {
		args       []string
		text, hint string
	}{
		{[]string{"--status-path=/server"},
			"--status-path=/server: the default --server-path=/server is the same path",
			"give them different paths, or turn one off: --server-path=off"},
		{[]string{"--status-path=/x", "--server-path=/x"},
			"--status-path=/x: --server-path=/x is the same path",
			"give them different paths, or turn one off: --server-path=off"},
		{[]string{"--max-target=33K"},
			"--max-target=33K: more than the whole head may have, the default --max-head=32KiB",
			"add --max-head=33KiB, or allow shorter targets"},
		{[]string{"--max-target=2049", "--max-head=2K"},
			"--max-target=2049: more than the whole head may have, --max-head=2K",
			"add --max-head=2049, or allow shorter targets"},
		{[]string{"--watch"},
			"--watch: it is for process reload, not for the default --hot-reload=module",
			"add --hot-reload=process"},
		{[]string{"--watch", "--env=production"},
			"--watch: it is for process reload, not for the default --hot-reload=none",
			"add --hot-reload=process"},
		{[]string{"--max-memory=2G", "--max-memory-hard=1G"},
			"--max-memory-hard=1G: less than --max-memory=2G, so workers would only ever be killed",
			"give it more than --max-memory, or leave --max-memory out"},
	}
	for _, test := range tests {
		refused(t, append(test.args, "app"), nil, 2, test.text, test.hint)
	}
	load(t, "app", "--status-path=off", "--server-path=off")
	load(t, "app", "--max-target=2K", "--max-head=2K")
	if c := load(t, "app", "--max-head=4K"); c.MaxTarget != 4096 {
		t.Errorf("a head of 4096 bytes, but a target of %d", c.MaxTarget)
	}
}
