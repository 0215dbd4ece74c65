package entry

import (
	"bytes"
	"net/netip"

	"github.com/rip-server/rip-server/internal/http1"
)

// trusts tells whether what an address says of others is believed.
func (e *Entry) trusts(address string) bool {
	if len(e.cfg.TrustedProxies) == 0 {
		return false
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	ip = ip.Unmap().WithZone("")
	for _, prefix := range e.cfg.TrustedProxies {
		if prefix.Contains(ip) {
			return true
		}
	}
	return false
}

// appendForwarded appends X-Forwarded-For, -Proto and -Host. What a client says
// of itself is dropped; what a trusted proxy says is kept and extended.
func (c *conn) appendForwarded(b []byte) []byte {
	if !c.proxy {
		b = append(b, c.tail...)
		if len(c.req.Host) > 0 {
			b = http1.AppendField(b, "X-Forwarded-Host", c.req.Host)
		}
		return b
	}
	b = append(b, "X-Forwarded-For: "...)
	client := ""
	for i := range c.req.Fields {
		if f := &c.req.Fields[i]; f.ID == http1.FieldXForwardedFor && len(f.Value) > 0 {
			b = append(append(b, f.Value...), ", "...)
			if origin := c.e.origin(f.Value); origin != "" {
				client = origin
			}
		}
	}
	b = append(append(b, c.client...), "\r\n"...)
	if client != "" {
		c.log.Client = client
	}
	proto := c.req.Value(http1.FieldXForwardedProto)
	if proto == nil {
		proto = []byte("http")
	}
	b = http1.AppendField(b, "X-Forwarded-Proto", proto)
	host := c.req.Value(http1.FieldXForwardedHost)
	if host == nil {
		host = c.req.Host
	}
	if len(host) > 0 {
		b = http1.AppendField(b, "X-Forwarded-Host", host)
	}
	return b
}

// origin returns the client that a chain of proxies names: the last address
// that is not itself a trusted proxy, "" when there is none.
func (e *Entry) origin(chain []byte) string {
	for len(chain) > 0 {
		i := bytes.LastIndexByte(chain, ',')
		address := string(bytes.TrimSpace(chain[i+1:]))
		if _, err := netip.ParseAddr(address); err != nil {
			return ""
		}
		if !e.trusts(address) {
			return address
		}
		chain = chain[:max(i, 0)]
	}
	return ""
}
