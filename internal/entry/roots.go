package entry

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
)

// roots are the folders whose files an app may name in X-Sendfile. Symbolic
// links are followed anew for each file, because that is how a deployment
// replaces them. Where one has led before stays allowed: until they are replaced
// too, workers of the version before answer with files there.
type roots struct {
	given []string // absolute paths

	mu    sync.Mutex
	found []string // without links, not all of them need to exist any more
}

func newRoots(folders []string) (*roots, error) {
	r := &roots{}
	for _, folder := range folders {
		folder, err := filepath.Abs(folder)
		if err == nil {
			_, err = filepath.EvalSymlinks(folder)
		}
		if err != nil {
			return nil, fmt.Errorf("folder for file replies: %w", err)
		}
		r.given = append(r.given, folder)
	}
	r.follow()
	return r, nil
}

// follow returns the folders without links.
func (r *roots) follow() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, folder := range r.given {
		real, err := filepath.EvalSymlinks(folder)
		if err == nil && !slices.Contains(r.found, real) {
			r.found = append(r.found, real)
		}
	}
	return slices.Clone(r.found)
}

// FollowLinks looks where the links to SendfileRoots lead. It is called before
// workers of another version start, which may name files there.
func (e *Entry) FollowLinks() { e.roots.follow() }
