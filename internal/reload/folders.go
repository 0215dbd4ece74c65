package reload

import (
	"context"
	"os"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

// folders tells early that something happens in the folders of a set of files.
type folders struct {
	watcher *fsnotify.Watcher
	added   map[string]bool
}

// Listen returns a channel that gets something when it is worth while to look,
// until ctx ends. Nobody may rely on that: network file systems tell nothing,
// and the system may have no room for more to listen to (inotify(7)). The
// channel is nil when the system cannot tell at all.
func (w *Watch) Listen(ctx context.Context) <-chan struct{} {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil
	}
	w.mu.Lock()
	w.folders = &folders{watcher: watcher, added: make(map[string]bool)}
	w.folders.of(w.list)
	w.mu.Unlock()
	wake := make(chan struct{}, 1)
	go func() {
		defer watcher.Close()
		for {
			select {
			case <-ctx.Done():
				return
			case <-watcher.Errors: // too much at once, for one: look
			case <-watcher.Events:
			}
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	}()
	return wake
}

// of makes these files the ones whose folders are listened to.
func (f *folders) of(files []string) {
	wanted := make(map[string]bool)
	for _, file := range files {
		wanted[filepath.Dir(file)] = true
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			wanted[file] = true
		}
	}
	for dir := range f.added {
		if !wanted[dir] {
			_ = f.watcher.Remove(dir) // it may be gone
			delete(f.added, dir)
		}
	}
	for dir := range wanted {
		// Also one that was added before: it may have been made anew.
		if f.watcher.Add(dir) == nil {
			f.added[dir] = true
		}
	}
}
