package entry

import (
	"net/netip"
	"testing"
)

func TestOrigin(t *testing.T) {
	e := &Entry{cfg: Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}}
	for chain, want := range map[string]string{
		"192.0.2.1":                        "192.0.2.1",
		"198.51.100.1, 192.0.2.1":          "192.0.2.1", // what stands before it anybody may have written
		"198.51.100.1, 192.0.2.1,10.1.1.1": "192.0.2.1",
		"192.0.2.1 ,\t10.1.1.1 , fd00::1":  "192.0.2.1",
		"10.1.1.1, 10.2.2.2":               "10.1.1.1",
		"192.0.2.1:4711":                   "192.0.2.1",
		"[2001:db8::1]:4711, 10.1.1.1":     "2001:db8::1",
		"::ffff:192.0.2.1":                 "192.0.2.1",
		"unknown":                          "invalid IP",
		"192.0.2.1, unknown":               "invalid IP",
		"192.0.2.1, unknown, 10.1.1.1":     "10.1.1.1",
		"192.0.2.1,":                       "invalid IP",
		",":                                "invalid IP",
		"":                                 "invalid IP",
	} {
		if got := e.origin([]byte(chain)).String(); got != want {
			t.Errorf("%q: got %s, want %s", chain, got, want)
		}
	}
}
