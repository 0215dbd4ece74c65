package webapi

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// errorCode returns the name by which programs know an error of the network,
// such as ECONNREFUSED, or "".
func errorCode(err error) string {
	var name *net.DNSError
	var number syscall.Errno
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		return "ENOTFOUND"
	case errors.As(err, &number):
		return unix.ErrnoName(number)
	}
	return ""
}
