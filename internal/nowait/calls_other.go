//go:build !linux

package nowait

import "golang.org/x/sys/unix"

// Read is read(2). It returns 0, nil at the end of the file.
func Read(fd int, b []byte) (int, error) { return unix.Read(fd, b) }

// Write is write(2). It may write less than all of b.
func Write(fd int, b []byte) (int, error) { return unix.Write(fd, b) }

// Send sends one record to a connected socket (send(2)).
func Send(fd int, record []byte) error { return unix.Sendto(fd, record, unix.MSG_DONTWAIT, nil) }
