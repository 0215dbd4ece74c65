package server

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"syscall"

	"github.com/rip-server/rip-server/internal/config"
)

// listenAll binds all addresses of the entry. Port 0 becomes the same free port
// for all of them.
func listenAll(cfg *config.Config) ([]net.Listener, error) {
	for try := 0; ; try++ {
		listeners, err := bindAll(cfg)
		// A port that is free on one address may be taken on the other.
		if err == nil || cfg.Port != 0 || !errors.Is(err, syscall.EADDRINUSE) || try == 20 {
			return listeners, portProblem(err, cfg)
		}
	}
}

func bindAll(cfg *config.Config) (listeners []net.Listener, err error) {
	at := *cfg
	for i := 0; i < len(at.Addresses()); i++ {
		l, err := listenTCP(network(at.Host), at.Addresses()[i])
		if err != nil && i > 0 && (errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)) {
			continue // a machine without IPv6
		}
		if err != nil {
			for _, l := range listeners {
				l.Close()
			}
			return nil, err
		}
		listeners = append(listeners, l)
		at.Port = l.Addr().(*net.TCPAddr).Port
	}
	return listeners, nil
}

// network keeps 0.0.0.0 from meaning the interfaces of IPv6 too, as it does to
// net.Listen.
func network(host string) string {
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is4() {
		return "tcp4"
	}
	return "tcp"
}

func portProblem(err error, cfg *config.Config) error {
	if err == nil {
		return nil
	}
	source := cfg.Source("http")
	if source == "" {
		source = "http"
	}
	p := &config.Problem{Text: fmt.Sprintf("%s: cannot listen on port %d: %v", source, cfg.Port, err)}
	port := strconv.Itoa(cfg.Port)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		p.Text = fmt.Sprintf("%s: port %s is in use by another process", source, port)
		p.Hint = "choose another one (http:" + strconv.Itoa(cfg.Port+1) + ") or any free one (http:0); rip-server list shows the running servers"
	case errors.Is(err, syscall.EACCES):
		p.Text = fmt.Sprintf("%s: port %s needs privileges", source, port)
		p.Hint = "choose a port from 1024 on, or give the program CAP_NET_BIND_SERVICE"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		p.Text = fmt.Sprintf("%s: this machine has no address %s", source, cfg.Host)
		p.Hint = "http:" + port + " listens where --env says"
	default:
		p.Hint = "http:PORT or http:ADDRESS:PORT"
	}
	return p
}
