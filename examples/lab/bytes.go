package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
)

// block is a whole number of periods, so that one block can follow another.
var block = func() []byte {
	b := make([]byte, 251*256)
	for i := range b {
		b[i] = byte(i % 251)
	}
	return b
}()

// writeBytes writes n bytes of the pattern.
func writeBytes(w io.Writer, n int) error {
	for n > 0 {
		k, err := w.Write(block[:min(n, len(block))])
		if err != nil {
			return err
		}
		n -= k
	}
	return nil
}

func bytes(w http.ResponseWriter, r *http.Request) {
	n, ok := number(w, r, "n")
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(n))
	_ = writeBytes(w, n) // a client that is gone needs no answer
}

func file(w http.ResponseWriter, r *http.Request) {
	n, ok := number(w, r, "n")
	if !ok {
		return
	}
	path, err := fileOf(n)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	http.ServeFile(w, r, path)
}

// fileOf returns the path of a file with n bytes. It makes it when it is not
// there and leaves it: the server may be about to send it.
func fileOf(n int) (string, error) {
	dir := filepath.Join(os.TempDir(), "rip-lab")
	path := filepath.Join(dir, fmt.Sprintf("%d.bin", n))
	if info, err := os.Stat(path); err == nil && info.Size() == int64(n) {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(dir, "new-")
	if err != nil {
		return "", err
	}
	err = writeBytes(f, n)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return path, err
}
