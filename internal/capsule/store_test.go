package capsule

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const head = "POST /a?b HTTP/1.1\r\nHost: x\r\nX-Request-Id: 17\r\nContent-Length: 4\r\n\r\n"

func open(t *testing.T) (*Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "cache", "capsules")
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func (s *Store) put(t *testing.T, at time.Time) *Capsule {
	t.Helper()
	c := &Capsule{Time: at, Method: "POST", Target: "/a?b", BodyLength: 4}
	err := s.add(c, contents{head: []byte(head), body: strings.NewReader("body"), output: []byte("printed\n"), stacks: []byte("goroutine 1\n")})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCapsulesAreForTheOwner(t *testing.T) {
	s, dir := open(t)
	s.put(t, time.Now())
	files := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if entry.IsDir() {
			want = 0o700
		} else {
			files[entry.Name()] = true
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %04o, want %04o", path, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"capsule.json", "request.http", "output.txt", "stacks.txt"} {
		if !files[name] {
			t.Errorf("there is no %s: %v", name, files)
		}
	}
}

func TestOpenRefusesWhatOthersCanOpen(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "mode 0755, not 0700") {
		t.Errorf("got %v", err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file); err == nil {
		t.Error("a file was taken for a folder")
	}
}

func TestOldestAreRemovedAndNothingElse(t *testing.T) {
	s, dir := open(t)
	others := []string{"20260725-101502-zzzzzz", "notes", ".new-1"}
	for _, name := range others {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	begin := time.Date(2026, 7, 25, 10, 15, 2, 0, time.UTC)
	for i := range MaxCapsules + 3 {
		s.put(t, begin.Add(time.Duration(i)*time.Minute))
	}
	list, err := List(dir)
	if err != nil || len(list) != MaxCapsules {
		t.Fatalf("%d capsules, %v", len(list), err)
	}
	if newest, oldest := list[0].Time, list[MaxCapsules-1].Time; !newest.Equal(begin.Add((MaxCapsules+2)*time.Minute)) || !oldest.Equal(begin.Add(3*time.Minute)) {
		t.Errorf("from %v to %v", newest, oldest)
	}
	for _, name := range others {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	// A capsule that a killed server was writing goes with the next start.
	if _, err := Open(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, ".new-1")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was half written is there: %v", err)
	}
}

func TestFind(t *testing.T) {
	s, dir := open(t)
	first := s.put(t, time.Date(2026, 7, 25, 10, 15, 2, 0, time.UTC))
	second := s.put(t, time.Date(2026, 7, 25, 10, 15, 3, 0, time.UTC))
	for _, part := range []string{second.ID, second.ID[9:], "101503"} {
		if c, err := Find(dir, part); err != nil || c.ID != second.ID || c.Dir() != filepath.Join(dir, second.ID) {
			t.Errorf("Find %q: %+v, %v", part, c, err)
		}
	}
	if c, err := Find(dir, "20260725"); !errors.Is(err, ErrNotFound) || !strings.Contains(fmt.Sprint(err), "2 ids") {
		t.Errorf("two fit: %v, %v, %v", c, first, err)
	}
	if _, err := Find(dir, "../"); !errors.Is(err, ErrNotFound) {
		t.Errorf("none fits: %v", err)
	}
	if list, err := List(filepath.Join(dir, "none")); len(list) != 0 || err != nil {
		t.Errorf("no folder: %v, %v", list, err)
	}
}

func TestLargeBodyIsCut(t *testing.T) {
	s, dir := open(t)
	body := bytes.Repeat([]byte("x"), MaxBody+1)
	c := &Capsule{Time: time.Now(), BodyLength: int64(len(body))}
	if err := s.add(c, contents{head: []byte(head), body: bytes.NewReader(body)}); err != nil {
		t.Fatal(err)
	}
	c, err := Find(dir, c.ID)
	if err != nil || !c.Cut() || c.BodyKept != MaxBody {
		t.Errorf("kept %+v, %v", c, err)
	}
	if _, err := c.Send(t.Context(), "127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "8388608 of 8388609 bytes") {
		t.Errorf("it was sent: %v", err)
	}
}
