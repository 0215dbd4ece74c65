package entry

import (
	"net"
	"net/netip"
)

// peer is who a connection is with.
type peer struct {
	address string     // without port
	site    netip.Addr // what connections are counted by
	trusted bool       // a proxy whose forwarding fields are believed
	fields  []byte     // the forwarding fields that are the same for all requests of a peer that is not
}

func (e *Entry) newPeer(a net.Addr) peer {
	p := peer{address: "unknown"} // as RFC 7239 section 6.2 has it
	if tcp, ok := a.(*net.TCPAddr); ok {
		ip := tcp.AddrPort().Addr().Unmap().WithZone("")
		p.address, p.site, p.trusted = ip.String(), siteOf(ip), e.trusts(ip)
	}
	if !p.trusted {
		p.fields = []byte("X-Forwarded-For: " + p.address + "\r\nX-Forwarded-Proto: http\r\n")
	}
	return p
}

// siteOf returns what stands for everybody at one place: an IPv4 address, or
// the network that an IPv6 host can take any number of addresses from.
func siteOf(ip netip.Addr) netip.Addr {
	if ip.Is4() {
		return ip
	}
	network, err := ip.Prefix(64)
	if err != nil {
		return ip
	}
	return network.Addr()
}

// trusts tells whether what an address says of others is believed.
func (e *Entry) trusts(ip netip.Addr) bool {
	for _, prefix := range e.cfg.TrustedProxies {
		if prefix.Contains(ip) {
			return true
		}
	}
	return false
}

// origin returns the client that a chain of addresses names, as in
// X-Forwarded-For: the last one that is not a trusted proxy. It is not valid
// when there is none, or when what stands there is no address.
func (e *Entry) origin(chain []byte) netip.Addr {
	var origin netip.Addr
	for len(chain) > 0 {
		var last []byte
		chain, last = cutLast(chain)
		ip, err := parseAddress(view(last))
		if err != nil {
			break
		}
		if origin = ip; !e.trusts(ip) {
			break
		}
	}
	return origin
}

// cutLast cuts the last element off a list.
func cutLast(list []byte) (rest, last []byte) {
	i := len(list)
	for i > 0 && list[i-1] != ',' {
		i--
	}
	last = list[i:]
	for len(last) > 0 && (last[0] == ' ' || last[0] == '\t') {
		last = last[1:]
	}
	for len(last) > 0 && (last[len(last)-1] == ' ' || last[len(last)-1] == '\t') {
		last = last[:len(last)-1]
	}
	return list[:max(i-1, 0)], last
}

// parseAddress parses an address, with a port or without: some proxies add it.
func parseAddress(s string) (netip.Addr, error) {
	ip, err := netip.ParseAddr(s)
	if err != nil {
		var withPort netip.AddrPort
		if withPort, err = netip.ParseAddrPort(s); err != nil {
			return ip, err
		}
		ip = withPort.Addr()
	}
	return ip.Unmap().WithZone(""), nil
}
