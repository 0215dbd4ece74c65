//go:build !linux

package sharedsocket

import "golang.org/x/sys/unix"

// Away from Linux no program is run that only adopts the socket.

type diag struct{}

func (*diag) start() error { return unix.ENOSYS }

func (*diag) close() {}

func (*diag) peer(uint32) (uint32, error) { return 0, unix.ENOSYS }

func family(pid int) []int { return []int{pid} }

func sockets(int, func(uint32)) {}

func strays(uint32) []int { return nil }

func exiting(int) bool { return false }

func inodeOf(int) uint32 { return 0 }

func door(path string) (int, string) { return -1, path }

func replaceListener(int, int, string) error { return unix.ENOTSUP }
