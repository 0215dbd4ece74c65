//go:build !linux

package entry

import "net"

// dropAttempts can do nothing here: a connection that comes in the last moment
// is reset.
func dropAttempts(net.Listener) {}
