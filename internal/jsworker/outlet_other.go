//go:build !linux

package jsworker

import "os"

// unread would tell whether a pipe holds something: it cannot be known here.
func unread(*os.File) bool { return false }
