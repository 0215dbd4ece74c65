package sharedsocket

import (
	"encoding/binary"
	"fmt"
	"sync"

	"golang.org/x/sys/unix"
)

// The layout of a request for one Unix socket and of its answer, in host byte
// order (sock_diag(7), struct nlmsghdr, unix_diag_req, unix_diag_msg, rtattr).
const (
	diagRequest   = 40
	diagAnswer    = 16 + 16 // before the attributes
	diagShowPeer  = 4       // UDIAG_SHOW_PEER
	diagPeer      = 2       // UNIX_DIAG_PEER
	diagAttribute = 4       // header of an attribute
)

// diag asks the kernel about Unix sockets. The zero value is not open.
type diag struct {
	mu   sync.Mutex // of everything, and of a question with its answer
	fd   int
	open bool
	buf  [4096]byte
}

func (d *diag) start() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.connect()
}

func (d *diag) connect() error {
	if d.open {
		return nil
	}
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return fmt.Errorf("sock_diag: %w", err)
	}
	d.fd, d.open = fd, true
	return nil
}

func (d *diag) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.disconnect()
}

func (d *diag) disconnect() {
	if d.open {
		unix.Close(d.fd)
		d.open = false
	}
}

// peer returns the inode of the socket at the other end of a connection, 0
// while nobody has accepted it. unix.ENOENT means that there is no connection
// of that inode any more.
func (d *diag) peer(inode uint32) (uint32, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.connect(); err != nil {
		return 0, err
	}
	b := d.buf[:diagRequest]
	clear(b)
	order := binary.NativeEndian
	order.PutUint32(b[0:], diagRequest)
	order.PutUint16(b[4:], unix.SOCK_DIAG_BY_FAMILY)
	order.PutUint16(b[6:], unix.NLM_F_REQUEST)
	b[16] = unix.AF_UNIX
	order.PutUint32(b[20:], ^uint32(0)) // in any state
	order.PutUint32(b[24:], inode)
	order.PutUint32(b[28:], diagShowPeer)
	order.PutUint64(b[32:], ^uint64(0)) // no cookie
	err := unix.Sendto(d.fd, b, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK})
	n := 0
	if err == nil { // then the kernel has answered already
		n, _, err = unix.Recvfrom(d.fd, d.buf[:], unix.MSG_DONTWAIT)
	}
	if err != nil {
		d.disconnect() // what it may still say would be taken for the answer to the next question
		return 0, fmt.Errorf("sock_diag: %w", err)
	}
	return parseDiag(d.buf[:n])
}

func parseDiag(b []byte) (peer uint32, err error) {
	order := binary.NativeEndian
	if len(b) >= 20 && order.Uint16(b[4:]) == unix.NLMSG_ERROR {
		return 0, unix.Errno(-int32(order.Uint32(b[16:])))
	}
	for rest := b[min(len(b), diagAnswer):]; len(rest) >= diagAttribute; {
		size := int(order.Uint16(rest))
		if size < diagAttribute || size > len(rest) {
			break
		}
		if order.Uint16(rest[2:]) == diagPeer && size >= diagAttribute+4 {
			return order.Uint32(rest[diagAttribute:]), nil
		}
		rest = rest[min(len(rest), (size+3)&^3):]
	}
	return 0, unix.ENOENT // closed by the other end
}
