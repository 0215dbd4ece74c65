package capsule

import (
	"bufio"
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// What a store keeps at most. With its output and stacks a capsule is not much
// larger than its body.
const (
	MaxCapsules = 50
	MaxBody     = 8 << 20
)

// ErrNotFound is returned by Find.
var ErrNotFound = errors.New("there is no such capsule")

// idForm tells the folders of capsules from what else may be in a folder: it
// alone is ever removed.
var idForm = regexp.MustCompile(`^\d{8}-\d{6}-[0-9a-f]{6}$`)

const newPrefix = ".new-" // of a capsule that is being written

// Store is a private folder of capsules.
type Store struct{ dir string }

// Open makes the folder, unless it exists, for its owner alone. One that
// others can open is an error: capsules hold what clients sent.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return nil, fmt.Errorf("%q is not a folder", dir)
	case ok && int(st.Uid) != os.Getuid():
		return nil, fmt.Errorf("%q belongs to another user (%d)", dir, st.Uid)
	case info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("others can open %q (mode %04o, not 0700)", dir, info.Mode().Perm())
	}
	s := &Store{dir: dir}
	left, err := filepath.Glob(filepath.Join(dir, newPrefix+"*"))
	for _, path := range left {
		err = cmp.Or(err, os.RemoveAll(path))
	}
	return s, err
}

// contents is what goes into the files of a capsule.
type contents struct {
	head   []byte
	body   io.Reader
	output []byte
	stacks []byte
}

// add writes a capsule, and removes the oldest ones when there are too many.
// It sets the id and what follows from the contents.
func (s *Store) add(c *Capsule, with contents) error {
	tmp, err := os.MkdirTemp(s.dir, newPrefix) // mode 0700
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	c.BodyKept, err = writeRequest(filepath.Join(tmp, requestFile), with)
	for name, text := range map[string][]byte{outputFile: with.output, stacksFile: with.stacks} {
		if len(text) > 0 {
			err = cmp.Or(err, os.WriteFile(filepath.Join(tmp, name), text, 0o600))
		}
	}
	if err != nil {
		return err
	}
	c.ID = newID(c.Time)
	facts, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(tmp, factsFile), append(facts, '\n'), 0o600); err != nil {
		return err
	}
	c.dir = filepath.Join(s.dir, c.ID)
	if err := os.Rename(tmp, c.dir); err != nil {
		return err
	}
	return s.prune()
}

func writeRequest(path string, with contents) (kept int64, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriter(f)
	_, err = w.Write(with.head)
	if err == nil && with.body != nil {
		kept, err = io.Copy(w, io.LimitReader(with.body, MaxBody))
	}
	return kept, cmp.Or(err, w.Flush(), f.Close())
}

// newID makes an id that sorts by time.
func newID(at time.Time) string {
	var random [3]byte
	_, _ = rand.Read(random[:]) // never fails
	return at.UTC().Format("20060102-150405-") + hex.EncodeToString(random[:])
}

func (s *Store) prune() error {
	ids, err := ids(s.dir)
	for i := 0; i < len(ids)-MaxCapsules; i++ {
		err = cmp.Or(err, os.RemoveAll(filepath.Join(s.dir, ids[i])))
	}
	return err
}

// ids returns the names of capsules, the oldest first.
func ids(dir string) (list []string, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, entry := range entries {
		if entry.IsDir() && idForm.MatchString(entry.Name()) {
			list = append(list, entry.Name())
		}
	}
	return list, err
}

// List returns the capsules in a folder, the newest first. A folder that does
// not exist has none.
func List(dir string) ([]*Capsule, error) {
	names, err := ids(dir)
	var list []*Capsule
	for _, name := range names {
		c, loadErr := load(filepath.Join(dir, name))
		switch {
		case loadErr == nil:
			list = append(list, c)
		case !errors.Is(loadErr, fs.ErrNotExist): // else it was removed meanwhile
			err = cmp.Or(err, loadErr)
		}
	}
	slices.SortStableFunc(list, func(a, b *Capsule) int { return b.Time.Compare(a.Time) })
	return list, err
}

// Find returns the capsule whose id has that part in it, if there is exactly
// one.
func Find(dir, part string) (*Capsule, error) {
	names, err := ids(dir)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.Contains(name, part) })
	switch len(names) {
	case 0:
		return nil, ErrNotFound
	case 1:
		return load(filepath.Join(dir, names[0]))
	}
	return nil, fmt.Errorf("%w: %d ids have %q in them", ErrNotFound, len(names), part)
}
