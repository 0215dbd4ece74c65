package reload

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestChanged(t *testing.T) {
	dir := t.TempDir()
	main, other := filepath.Join(dir, "main.go"), filepath.Join(dir, "other.go")
	for name, change := range map[string]func(){
		"longer":            func() { write(t, main, "package main // x") },
		"newer":             func() { _ = os.Chtimes(main, time.Time{}, time.Now().Add(time.Hour)) },
		"older":             func() { _ = os.Chtimes(main, time.Time{}, time.Now().Add(-time.Hour)) },
		"removed":           func() { _ = os.Remove(main) },
		"a file more":       func() { write(t, other, "package main") },
		"renamed over":      func() { replaceKeepingTime(t, main, "package main") },
		"gone and back":     func() { _ = os.Remove(main); write(t, main, "package main // back") },
		"a file of another": func() { _ = os.Rename(main, other) },
	} {
		t.Run(name, func(t *testing.T) {
			write(t, main, "package main")
			_ = os.Remove(other)
			w := New([]string{main, dir})
			if w.Changed() {
				t.Fatal("changed before the change")
			}
			change()
			if !w.Changed() {
				t.Error("the change is not noticed")
			}
			w.Reset([]string{main, dir})
			if w.Changed() {
				t.Error("changed after Reset")
			}
		})
	}
}

func TestChangedPattern(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "odd [dir]*")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	escaped := strings.NewReplacer("*", `\*`, "[", `\[`).Replace(dir)
	w := New([]string{filepath.Join(escaped, "[^._]*.html")})
	for name, counts := range map[string]bool{"a.html": true, "b.txt": false, ".c.html": false, "_d.html": false} {
		write(t, filepath.Join(dir, name), "")
		if got := w.Changed(); got != counts {
			t.Errorf("changed %v after %q appeared, want %v", got, name, counts)
		}
		w.Reset(w.list)
	}
	write(t, filepath.Join(dir, "a.html"), "longer")
	if w.Changed() {
		t.Error("what is in a file counts for a pattern")
	}
}

func TestChangedLink(t *testing.T) {
	dir := t.TempDir()
	current := filepath.Join(dir, "current")
	for _, release := range []string{"1", "2"} {
		if err := os.Mkdir(filepath.Join(dir, release), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("1", current); err != nil {
		t.Fatal(err)
	}
	w := New([]string{current})
	if err := os.Symlink("2", current+".new"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(current+".new", current); err != nil {
		t.Fatal(err)
	}
	if !w.Changed() {
		t.Error("a link to another folder is not noticed")
	}
}

func TestFollow(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, age time.Duration) string {
		path := filepath.Join(dir, name)
		write(t, path, "package main")
		then := time.Now().Add(-age)
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
		return path
	}
	known, old, fresh := file("known.go", time.Hour), file("old.go", time.Hour), file("fresh.go", -time.Second)
	w := New([]string{known})
	w.Follow([]string{known, old})
	if w.Changed() {
		t.Error("a file that was not in the list counts as changed")
	}
	w.Follow([]string{known, old, fresh})
	if !w.Changed() {
		t.Error("a file that was changed before it was in the list is not noticed")
	}
	w.Reset([]string{known, old, fresh})
	if w.Changed() {
		t.Error("changed after Reset")
	}
	write(t, known, "package main // x")
	w.Follow([]string{known})
	if !w.Changed() {
		t.Error("a change between Reset and Follow is not noticed")
	}
}

func replaceKeepingTime(t *testing.T, file, text string) {
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file+".new", text)
	if err := os.Chtimes(file+".new", info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		t.Fatal(err)
	}
}

func TestFilesThatAppsWriteAreNoChange(t *testing.T) {
	dir := t.TempDir()
	main := filepath.Join(dir, "main.go")
	write(t, main, "package main")
	w := New([]string{main, dir})
	write(t, filepath.Join(dir, "app.log"), "a line")
	write(t, filepath.Join(dir, "data.sqlite"), "a table")
	if w.Changed() {
		t.Error("a log and a database count as a change of the code")
	}
}

func TestDue(t *testing.T) {
	file := filepath.Join(t.TempDir(), "main.go")
	w := New([]string{file})
	if !w.Due(time.Now()) {
		t.Error("not due before the first look")
	}
	before := time.Now()
	w.Changed()
	after := time.Now()
	if w.Due(before.Add(Interval - 1)) {
		t.Errorf("due less than %v after a look", Interval)
	}
	if !w.Due(after.Add(Interval)) {
		t.Errorf("not due %v after a look", Interval)
	}
	write(t, file, "package main")
	w.Changed()
	if !w.Due(after.Add(Interval)) {
		t.Error("a change is taken for settled before anybody has dealt with it")
	}
}

func TestListen(t *testing.T) {
	dir := t.TempDir()
	later := filepath.Join(dir, "later")
	if err := os.Mkdir(later, 0o700); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w := New([]string{filepath.Join(dir, "main.go")})
	wake := w.Listen(ctx)
	if wake == nil {
		t.Skip("this system cannot tell")
	}
	write(t, filepath.Join(dir, "main.go"), "package main")
	<-wake
	w.Follow([]string{later})
	write(t, filepath.Join(later, "other.go"), "package other")
	<-wake
}

func TestSettleWaitsForTheEndOfABurst(t *testing.T) {
	file := filepath.Join(t.TempDir(), "main.go")
	write(t, file, "")
	text, looks := "", 0
	settle([]string{file}, func() bool {
		if looks++; looks <= 10 {
			text += "x"
			write(t, file, text)
		}
		return true
	})
	if looks != 11 {
		t.Errorf("settled after %d looks, want 11: ten with a change and one without", looks)
	}
}

// Who saves a file in its place empties it first.
func TestSettleWaitsForWhatWasEmptied(t *testing.T) {
	file := filepath.Join(t.TempDir(), "main.go")
	write(t, file, "before")
	write(t, file, "")
	looks := 0
	settle([]string{file}, func() bool {
		if looks++; looks == 5 {
			write(t, file, "after")
		}
		return true
	})
	if looks != 6 {
		t.Errorf("settled after %d looks, want 6: the last one without a change", looks)
	}
	// An empty file that stays so is one after all.
	write(t, file, "")
	settle([]string{file}, func() bool { return true })
}

func TestSettleEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	New([]string{t.TempDir()}).Settle(ctx)
}

func BenchmarkNothingDue(b *testing.B) {
	w := New(nil)
	w.looked.Store(1 << 62)
	for b.Loop() {
		w.Due(time.Now())
	}
}
