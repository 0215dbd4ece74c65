//go:build !linux

package sharedsocket

// poller is for Linux alone.
type poller struct{}

func newPoller(func(*carrier)) *poller { return nil }

func (*poller) add(*carrier) bool { return false }

func (*poller) close() {}
