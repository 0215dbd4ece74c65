package slow

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// Without --spool-dir the spool is in the cache folder, and where that cannot
// be, in the run folder. One that was asked for must be possible.
func TestSpoolFolder(t *testing.T) {
	lab := driver.Program(t, "examples/lab")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	keeps := func(t *testing.T, o driver.Options) *driver.Server {
		o.App, o.Args = lab, append(o.Args, driver.Still)
		s := driver.Start(t, o)
		u := beginUpload(s, "upload", 200_000, false, 1)
		s.AwaitSpooled(1)
		left, err := filepath.Glob(filepath.Join(s.SpoolDir(), "rip-spool-*"))
		if err != nil || len(left) != 1 {
			t.Fatalf("%q, %v", left, err)
		}
		if info, err := os.Stat(left[0]); err != nil || info.Mode() != fs.ModeDir|0o700 {
			t.Errorf("%v, %v", info, err)
		}
		u.Close()
		s.AwaitSpooled(0)
		if status := s.Stop(); status != 0 {
			t.Errorf("exit status %d", status)
		}
		if left, err := os.ReadDir(s.SpoolDir()); err != nil || len(left) > 0 {
			t.Errorf("a server that was stopped has left %v, %v", left, err)
		}
		return s
	}
	t.Run("cache folder", func(t *testing.T) {
		cache := t.TempDir()
		keeps(t, driver.Options{Spool: filepath.Join(cache, "spool"), Env: []string{"RIP_SPOOL_DIR=", "RIP_CACHE_DIR=" + cache}})
	})
	t.Run("run folder", func(t *testing.T) {
		run := t.TempDir()
		if err := os.Chmod(run, 0o700); err != nil {
			t.Fatal(err)
		}
		s := keeps(t, driver.Options{Spool: filepath.Join(run, "spool"),
			Env: []string{"RIP_SPOOL_DIR=", "RIP_CACHE_DIR=" + file, "RIP_RUN_DIR=" + run}, Args: []string{"--capsules=off"}})
		if len(s.LogLines("go to the run folder; --spool-dir names another one")) != 1 {
			t.Error("the log does not say so")
		}
	})
	t.Run("an impossible one", func(t *testing.T) {
		s := driver.Start(t, driver.Options{App: lab, Pending: true, Env: []string{"RIP_SPOOL_DIR=" + file + "/spool"}})
		if status := s.Exit(); status == 0 {
			t.Error("the server ended as if all were well")
		}
		for _, line := range []string{"rip-server: RIP_SPOOL_DIR=" + file + "/spool: spool folder: mkdir " + file + ": not a directory", "hint: give a folder"} {
			if len(s.LogLines(line)) != 1 {
				s.Fatalf("nothing says %q", line)
			}
		}
	})
}
