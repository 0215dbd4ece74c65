package reload

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"
)

// State returns a text that changes with any of these files, as a Watch sees
// them, and the time of the last change that may be lost in it: files that are
// written twice within the resolution of the clock that the kernel gives them
// may look the same.
func State(files []string) (state string, newest time.Time) {
	p := take(files)
	sum := sha256.New()
	for _, file := range slices.Sorted(maps.Keys(p)) {
		l := p[file]
		fmt.Fprintf(sum, "%q %d %d %d %q\n", file, l.modified.UnixNano(), l.size, l.inode, l.names)
		if l.touched.After(newest) {
			newest = l.touched
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), newest.Add(tick)
}
