package entry

import "github.com/rip-server/rip-server/internal/http1"

// appendForwarded appends X-Forwarded-For, -Proto and -Host. What a client says
// of itself is dropped; what a trusted proxy says is kept and extended.
func (c *conn) appendForwarded(b, host []byte) []byte {
	if !c.peer.trusted {
		b = append(b, c.peer.fields...)
		return http1.AppendField(b, "X-Forwarded-Host", host)
	}
	r := &c.request
	b = append(b, "X-Forwarded-For: "...)
	chain := len(b)
	for i := range r.Fields {
		if f := &r.Fields[i]; f.ID == http1.FieldXForwardedFor && len(f.Value) > 0 {
			b = append(append(b, f.Value...), ", "...)
		}
	}
	if end := len(b) - len(", "); end > chain {
		c.nameClient(b[chain:end])
	}
	b = append(append(b, c.peer.address...), "\r\n"...)
	proto := r.Value(http1.FieldXForwardedProto)
	if proto == nil {
		proto = []byte("http")
	}
	b = http1.AppendField(b, "X-Forwarded-Proto", proto)
	if said := r.Value(http1.FieldXForwardedHost); said != nil {
		host = said
	}
	return http1.AppendField(b, "X-Forwarded-Host", host)
}

// nameClient has the access log name the client that a chain of addresses names.
func (c *conn) nameClient(chain []byte) {
	if ip := c.e.origin(chain); ip.IsValid() {
		c.client = ip.AppendTo(c.client[:0])
		c.log.Client = view(c.client)
	}
}
