package reload

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// picture is how a set of files looks at one moment.
type picture map[string]look

// look is what tells a file from itself after a change. A new inode is a new
// file even with an old time, as a rename or a checkout leaves it, and another
// folder, as a symbolic link that points elsewhere leaves it.
type look struct {
	modified time.Time
	size     int64
	inode    uint64
	names    string // of a folder: the source files in it; of a pattern: what it matches

	touched time.Time // when any of it was last changed, which alone makes no difference
}

// unseen is the look of what may have changed before it was looked at.
var unseen = look{size: -1}

func take(files []string) picture {
	p := make(picture, len(files))
	for _, file := range files {
		p[file] = lookAt(file)
	}
	return p
}

// lookAt returns the zero look for what is not there.
func lookAt(file string) look {
	info, err := os.Stat(file)
	if err != nil {
		return lookAtMatches(file)
	}
	l := look{touched: info.ModTime()}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		l.inode = st.Ino
	}
	if info.IsDir() {
		// Only which files there are: logs and databases that an app writes
		// change a folder's time all the while.
		l.names = names(file)
		return l
	}
	l.modified, l.size = info.ModTime(), info.Size()
	return l
}

func lookAtMatches(pattern string) look {
	var l look
	if !strings.ContainsAny(pattern, `*?[`) {
		return l
	}
	// Its one error is a malformed pattern, which matches nothing.
	matches, _ := filepath.Glob(pattern)
	l.names = strings.Join(matches, "\x00")
	for _, match := range matches {
		// A file that was moved there has its old time, its folder a new one.
		for _, path := range []string{match, filepath.Dir(match)} {
			if info, err := os.Stat(path); err == nil && info.ModTime().After(l.touched) {
				l.touched = info.ModTime()
			}
		}
	}
	return l
}

// names returns the names of the source files in a folder.
func names(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, e := range entries {
		if !e.IsDir() && source(e.Name()) {
			b.WriteString(e.Name())
			b.WriteByte(0)
		}
	}
	return b.String()
}

// source tells whether a file of that name that appears in a folder can become
// part of the code by that alone.
func source(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return false
	}
	switch filepath.Ext(name) {
	case ".go", ".s", ".c", ".h", ".py", ".rb", ".php", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".mts", ".cts":
		return true
	}
	return false
}

// halfSaved tells whether a file was emptied a moment ago.
func (p picture) halfSaved() bool {
	for _, l := range p {
		if age := time.Since(l.modified); l.size == 0 && age >= 0 && age < emptied {
			return true
		}
	}
	return false
}

func (p picture) same(other picture) bool {
	if len(p) != len(other) {
		return false
	}
	for file, l := range p {
		o, ok := other[file]
		if !ok || !l.modified.Equal(o.modified) || l.size != o.size || l.inode != o.inode || l.names != o.names {
			return false
		}
	}
	return true
}
