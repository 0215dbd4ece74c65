package reload

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// picture is how a set of files looks at one moment.
type picture map[string]look

// look is what tells a file from itself after a change. A new inode is a new
// file even with an old time, as a rename or a checkout leaves it.
type look struct {
	modified time.Time
	size     int64
	inode    uint64
	names    string // of a folder: the files in it
}

func take(files []string) picture {
	p := make(picture, len(files))
	for _, file := range files {
		p[file] = lookAt(file)
	}
	return p
}

// lookAt returns the zero look for a file that is not there.
func lookAt(file string) look {
	info, err := os.Stat(file)
	if err != nil {
		return look{}
	}
	if info.IsDir() {
		// Only which files there are: logs and databases that an app writes
		// change a folder's time all the while.
		return look{names: names(file)}
	}
	l := look{modified: info.ModTime(), size: info.Size()}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		l.inode = st.Ino
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
		if e.Type()&fs.ModeType == 0 && source(e.Name()) {
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
