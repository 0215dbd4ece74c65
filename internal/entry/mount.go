package entry

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mount is a folder whose files the entry serves by itself.
type mount struct {
	prefix string // what paths begin with, decoded: "" = all do
	folder string // absolute
}

// newMounts returns the folders by prefix, the longest first: it is the one that
// counts.
func newMounts(static map[string]string) []mount {
	var mounts []mount
	for prefix, folder := range static {
		mounts = append(mounts, mount{strings.TrimSuffix(prefix, "/"), folder})
	}
	slices.SortFunc(mounts, func(a, b mount) int { return len(b.prefix) - len(a.prefix) })
	return mounts
}

// find returns the mount that a path of a request belongs to, nil when it is
// the app's, and what follows the prefix: "" or what begins with a slash.
func find(mounts []mount, path []byte) (m *mount, rest string) {
	decoded := decodePath(path)
	for i := range mounts {
		m := &mounts[i]
		rest, ok := strings.CutPrefix(decoded, m.prefix)
		if ok && (rest == "" || rest[0] == '/') {
			return m, strings.Clone(rest) // the memory of the path is read into again
		}
	}
	return nil, ""
}

// decodePath decodes the path of a target, once. A slash that is encoded does
// not separate (RFC 3986 section 2.2) and becomes a zero byte, which is in the
// name of no file.
func decodePath(path []byte) string {
	if bytes.IndexByte(path, '%') < 0 {
		return view(path)
	}
	decoded := make([]byte, 0, len(path))
	for i := 0; i < len(path); i++ {
		ch := path[i]
		if ch == '%' { // two digits follow, see http1
			ch = unhex(path[i+1])<<4 | unhex(path[i+2])
			i += 2
			if ch == '/' {
				ch = 0
			}
		}
		decoded = append(decoded, ch)
	}
	return view(decoded)
}

func unhex(ch byte) byte {
	if ch <= '9' {
		return ch - '0'
	}
	return ch&^0x20 - 'A' + 10
}

// Why a mount has no file for a path.
var (
	errPath   = errors.New("no path of a file")
	errHidden = errors.New("what begins with a dot is not served")
	errSlash  = errors.New("a folder without a slash behind it")
)

const indexPage = "index.html"

// open opens the file that the rest of a path names: a regular one in the
// folder, wherever links lead, or the index page of a folder. The error is
// errSlash when there is such a page and the path lacks its slash.
func (m *mount) open(rest string) (*os.File, fs.FileInfo, error) {
	if err := m.check(rest); err != nil {
		return nil, nil, err
	}
	dir, err := os.OpenRoot(m.folder)
	if err != nil {
		return nil, nil, err
	}
	defer dir.Close()
	name := strings.Trim(rest, "/")
	if name != "" && !strings.HasSuffix(rest, "/") {
		file, info, err := m.openIn(dir, name)
		if !errors.Is(err, errNotRegular) {
			return file, info, err
		}
	}
	file, info, err := m.openIn(dir, filepath.Join(name, indexPage))
	if err == nil && !strings.HasSuffix(rest, "/") {
		file.Close()
		return nil, nil, errSlash
	}
	return file, info, err
}

// openIn opens a file. A link that leads out of the folder by its path may lead
// into it all the same: an absolute one does.
func (m *mount) openIn(dir *os.Root, name string) (*os.File, fs.FileInfo, error) {
	file, info, err := openRegularIn(dir, name)
	if err == nil || errors.Is(err, errNotRegular) || errors.Is(err, fs.ErrNotExist) {
		return file, info, err
	}
	root, rootErr := filepath.EvalSymlinks(m.folder)
	resolved, nameErr := filepath.EvalSymlinks(filepath.Join(m.folder, name))
	if rootErr != nil || nameErr != nil {
		return nil, nil, err
	}
	inside, relErr := filepath.Rel(root, resolved)
	if relErr != nil || !filepath.IsLocal(inside) {
		return nil, nil, err
	}
	return openRegularIn(dir, inside)
}

// check refuses what must not come to the file system.
func (m *mount) check(rest string) error {
	if strings.ContainsAny(rest, "\x00\\") {
		return errPath
	}
	first := true
	for segment := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(rest, "/"), "/"), "/") {
		switch {
		case segment == "" && len(rest) > 1, segment == ".", segment == "..":
			return errPath
		case strings.HasPrefix(segment, ".") && !(first && m.prefix == "" && segment == ".well-known"):
			return errHidden
		}
		first = false
	}
	return nil
}
