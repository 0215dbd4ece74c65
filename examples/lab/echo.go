package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
)

// echo says what it received.
func echo(w http.ResponseWriter, r *http.Request) {
	sum := sha256.New()
	size, err := io.Copy(sum, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	headers := r.Header.Clone()
	headers.Set("Host", r.Host) // net/http keeps it elsewhere
	number, _ := strconv.Atoi(os.Getenv("RIP_WORKER"))
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(struct {
		Method  string      `json:"method"`
		Target  string      `json:"target"`
		Headers http.Header `json:"headers"`
		Size    int64       `json:"size"`
		SHA256  string      `json:"sha256"`
		Worker  int         `json:"worker"`
		PID     int         `json:"pid"`
	}{r.Method, r.RequestURI, headers, size, hex.EncodeToString(sum.Sum(nil)), number, os.Getpid()})
}
