package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// A load is what is asked of a rival.
type load struct {
	path        string
	answer      string // the body that every answer must have
	length      int    // or only its length in bytes, 0 = as answer says
	connections int
	upload      int // bytes of the body of a POST, 0 = a GET
}

// check asks once and compares the whole answer, which load generators do not.
func (l load) check(ctx context.Context, url string) error {
	method, upload := "GET", io.Reader(nil)
	if l.upload > 0 {
		method, upload = "POST", strings.NewReader(strings.Repeat("x", l.upload))
	}
	request, err := http.NewRequestWithContext(ctx, method, url, upload)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if l.length > 0 {
		if response.StatusCode != 200 || len(body) != l.length {
			return fmt.Errorf("answer %d with %d bytes, want 200 with %d", response.StatusCode, len(body), l.length)
		}
		return nil
	}
	if got := strings.TrimSpace(string(body)); response.StatusCode != 200 || got != l.answer {
		return fmt.Errorf("answer %d %q, want 200 %q", response.StatusCode, got, l.answer)
	}
	return nil
}
