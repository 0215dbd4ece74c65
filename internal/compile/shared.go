package compile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rip-server/rip-server/internal/bundle"
	"github.com/rip-server/rip-server/internal/reload"
)

// SharedFile is what the file with a bundle is called, beside the script that the
// server has made.
const SharedFile = "shared"

// LastFile is what the file with the last script that ran is called, beside that one.
const LastFile = "last"

// Shared is Fresh, unless the bundle that is in the file is what that would make:
// what it was made from is as it was. So of many processes that want the same
// bundle at the same time one makes it.
func Shared(o bundle.Options, modules map[string]string, cache, file string) (*bundle.Bundle, error) {
	if m := readMade(file, asked(o, modules)); m != nil {
		return m.result()
	}
	unlock, err := lock(file + ".lock")
	if err != nil {
		return &bundle.Bundle{}, err
	}
	defer unlock()
	if m := readMade(file, asked(o, modules)); m != nil { // while it waited
		return m.result()
	}
	return Fresh(o, modules, cache, file)
}

// Fresh is Build, and leaves the bundle in a file for Shared. Who changes a
// package without telling a lock file gets it like this.
func Fresh(o bundle.Options, modules map[string]string, cache, file string) (*bundle.Bundle, error) {
	began := time.Now()
	b, err := Build(o, modules, cache)
	wrong, told := errors.AsType[*bundle.Error](err)
	if err != nil && !told {
		return b, err
	}
	m := &made{Of: asked(o, modules), Files: b.Files, Wrong: wrong, script: b.Script}
	var newest time.Time
	if m.State, newest = reload.State(b.Files); newest.Before(began) {
		// What could not be kept is made once more by the next one.
		_ = m.write(file)
	}
	return b, err
}

// asked tells bundles of different things apart.
func asked(o bundle.Options, modules map[string]string) string {
	return fmt.Sprintf("%q %q %q %q", o.Dir, o.Entry, bundle.NodeEnv(o.Env), modules)
}

// made is a bundle in a file.
type made struct {
	Of    string // what was asked for
	Files []string
	State string        // of the files
	Wrong *bundle.Error // nil = nothing

	script []byte
}

func (m *made) result() (*bundle.Bundle, error) {
	b := &bundle.Bundle{Script: m.script, Files: m.Files}
	if m.Wrong != nil {
		return b, m.Wrong
	}
	return b, nil
}

// readMade returns what is in the file, nil when it is not what is wanted, or
// not any more.
func readMade(file, want string) *made {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	head, script, _ := bytes.Cut(text, []byte("\n"))
	m := &made{script: script}
	if json.Unmarshal(head, m) != nil || m.Of != want {
		return nil
	}
	if state, _ := reload.State(m.Files); state != m.State {
		return nil
	}
	if len(script) == 0 {
		m.script = nil
	}
	return m
}

// write writes the file as a whole or not at all.
func (m *made) write(file string) error {
	head, err := json.Marshal(m)
	if err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(file), "draft-")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) // when it got its name it is not there
	_, err = draft.Write(append(append(head, '\n'), m.script...))
	if e := draft.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(draft.Name(), file)
}

// lock waits for its turn (flock(2)). The lock ends with the process.
func lock(file string) (unlock func(), err error) {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if err != unix.EINTR {
			f.Close()
			return nil, fmt.Errorf("lock %q: %w", file, err)
		}
	}
}
