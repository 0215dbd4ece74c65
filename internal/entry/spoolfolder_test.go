package entry

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// What a killed server left is removed, what a living one has and what is not
// of a server stays.
func TestSpoolFolders(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "a[b]*", "spool")
	living, err := claimFolder(parent)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(living.path); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	killed, err := claimFolder(parent)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	for _, path := range []string{living.path, killed.path, elsewhere} {
		if err := os.WriteFile(filepath.Join(path, filePrefix+"1"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	killed.lock.Close() // as the kernel does
	half := filepath.Join(parent, folderPrefix+"half")
	if err := os.Mkdir(half, 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(parent, folderPrefix+"link")
	if err := os.Symlink(elsewhere, link); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(parent, "letters")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	next, err := claimFolder(parent)
	if err != nil {
		t.Fatal(err)
	}
	for path, stays := range map[string]bool{
		filepath.Join(living.path, filePrefix+"1"): true, filepath.Join(elsewhere, filePrefix+"1"): true,
		link: true, other: true, next.path: true, killed.path: false, half: false,
	} {
		if _, err := os.Lstat(path); (err == nil) != stays || err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v, want that it stays: %v", path, err, stays)
		}
	}
	living.remove()
	next.remove()
	if _, err := os.Lstat(living.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its own folder: %v", err)
	}
}

// Servers that start at the same moment do not take each other for dead.
func TestSpoolFoldersAtOnce(t *testing.T) {
	parent := t.TempDir()
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 20 {
				f, err := claimFolder(parent)
				if err != nil {
					t.Error(err)
					return
				}
				if file, err := os.CreateTemp(f.path, filePrefix); err != nil {
					t.Error(err)
				} else {
					file.Close()
				}
				f.remove()
			}
		})
	}
	all.Wait()
	if left := entries(parent, ""); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSpoolFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := newSpool(filepath.Join(file, "spool")); !errors.Is(err, ErrSpool) || !errors.Is(err, unix.ENOTDIR) {
		t.Errorf("got %v", err)
	}
}
