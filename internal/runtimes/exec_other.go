//go:build !linux

package runtimes

import "errors"

func dieWithServer() error { return errors.New("a program that adopts the socket needs Linux") }
