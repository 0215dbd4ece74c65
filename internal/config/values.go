package config

import (
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Each of these takes a value, or returns what it must be instead.

func between(to *int, v string, least, most int, also string) string {
	n, err := strconv.Atoi(v)
	if err == nil && n >= least && n <= most && v[0] != '+' {
		*to = n
		return ""
	}
	if most >= 1<<30 {
		return fmt.Sprintf("%sa whole number from %d", also, least)
	}
	return fmt.Sprintf("%sa whole number from %d to %d", also, least, most)
}

func oneOf(to *string, v string, values ...string) string {
	for _, allowed := range values {
		if v == allowed {
			*to = v
			return ""
		}
	}
	want := "one of " + strings.Join(values, ", ")
	if near := Nearest(v, values); near != "" {
		want += " (did you mean " + near + "?)"
	}
	return want
}

func onOff(to *bool, v string) string {
	switch strings.ToLower(v) {
	case "true", "1", "yes", "on":
		*to = true
	case "false", "0", "no", "off":
		*to = false
	default:
		return "true or false"
	}
	return ""
}

func duration(to *time.Duration, v string, zero bool) string {
	d, err := time.ParseDuration(v)
	if v == "0" {
		d, err = 0, nil
	}
	if err == nil && (d > 0 || zero && d == 0) {
		*to = d
		return ""
	}
	if zero {
		return "a duration such as 500ms, 30s or 2m, or 0"
	}
	return "a duration above 0 such as 500ms, 30s or 2m"
}

var units = []struct {
	name  string
	bytes int64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
	{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9},
	{"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}, {"B", 1},
}

const wantSize = "a size such as 65536, 64KiB or 100MiB"

func size(to *int64, v string) string {
	number, unit := v, int64(1)
	for _, u := range units {
		if rest, ok := strings.CutSuffix(v, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > (1<<62)/unit || number[0] == '+' {
		return wantSize
	}
	*to = n * unit
	return ""
}

func sizeBetween(to *int64, v string, least, most int64) string {
	var n int64
	if want := size(&n, v); want != "" {
		return want
	}
	if n < least || n > most {
		return fmt.Sprintf("a size from %d to %d bytes", least, most)
	}
	*to = n
	return ""
}

func path(to *string, v string) string {
	if v == "off" {
		*to = ""
		return ""
	}
	if !strings.HasPrefix(v, "/") || strings.ContainsAny(v, "?# \t\r\n") {
		return "a path that begins with /, or off"
	}
	*to = v
	return ""
}

func setHTTP(c *Config, v string) string {
	const want = "a port (5002), or an address and a port (127.0.0.1:5002, [::1]:5002)"
	host, port := "", v
	if strings.Contains(v, ":") {
		var err error
		if host, port, err = net.SplitHostPort(v); err != nil || host == "" {
			return want
		}
		if _, err := netip.ParseAddr(host); err != nil && !hostname(host) {
			return want
		}
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 0 || n > 65535 || port[0] == '+' {
		return want
	}
	c.Host, c.Port = host, n
	return ""
}

func hostname(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.' {
			return false
		}
	}
	return s != ""
}

const maxName = 64

func setName(c *Config, v string) string {
	if v == "" || len(v) > maxName || cleanName(v) != v {
		return fmt.Sprintf("a name of at most %d letters, digits, dots, dashes and underscores that begins with a letter or digit", maxName)
	}
	c.Name = v
	return ""
}

// cleanName makes a name that can be part of a file name and of a log line.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '-'
	}, s)
	s = strings.TrimLeft(s, ".-_")
	return s[:min(len(s), maxName)]
}

func setProxies(c *Config, v string) string {
	c.TrustedProxies = nil
	for word := range strings.SplitSeq(v, ",") {
		word = strings.TrimSpace(word)
		if word == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(word)
		if addr, err2 := netip.ParseAddr(word); err2 == nil {
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return "a list of networks such as 10.0.0.0/8,127.0.0.1"
		}
		c.TrustedProxies = append(c.TrustedProxies, prefix.Masked())
	}
	return ""
}

func setRoots(c *Config, v string) string {
	c.SendfileRoots = nil
	for dir := range strings.SplitSeq(v, ",") {
		if dir = strings.TrimSpace(dir); dir == "" {
			continue
		}
		abs, err := filepath.Abs(dir)
		if err != nil {
			return "a list of folders"
		}
		c.SendfileRoots = append(c.SendfileRoots, abs)
	}
	return ""
}
