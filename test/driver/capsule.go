package driver

import (
	"fmt"
	"os"
	"path/filepath"
)

// AwaitCapsule waits for the only capsule in a folder and returns its files.
func (s *Server) AwaitCapsule(dir string) (id string, files map[string]string) {
	s.Eventually("there is a capsule", func() error {
		found, err := filepath.Glob(filepath.Join(dir, "2*"))
		if err != nil || len(found) != 1 {
			return fmt.Errorf("%v, %v", found, err)
		}
		id = filepath.Base(found[0])
		return nil
	})
	files = map[string]string{}
	entries, err := os.ReadDir(filepath.Join(dir, id))
	if err != nil {
		s.Fatalf("capsule: %v", err)
	}
	for _, entry := range entries {
		b, err := os.ReadFile(filepath.Join(dir, id, entry.Name()))
		if err != nil {
			s.Fatalf("capsule: %v", err)
		}
		files[entry.Name()] = string(b)
	}
	return id, files
}
