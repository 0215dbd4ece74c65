package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

var errBrackets = &mistake{"an IPv6 address needs brackets", "write [address]:port: [::1]:5002"}

// address reads the option that says where to listen.
func address() kind {
	return of("PORT|ADDRESS:PORT", "a port from 0 to 65535, or address:port: 5002, 127.0.0.1:5002, [::1]:5002, *:5002",
		func(c *Config, text string) (err error) {
			c.Host, c.Port, err = parseAddress(text)
			return err
		})
}

// parseAddress returns "" as the host when there is none.
func parseAddress(text string) (host string, port int, err error) {
	if err := portless(text); err != nil {
		return "", 0, err
	}
	i := strings.LastIndexByte(text, ':')
	if i >= 0 {
		if host, err = parseHost(text[:i], text); err != nil {
			return "", 0, err
		}
	}
	if text[i+1:] == "" {
		return "", 0, errors.New("the port is missing")
	}
	if port, err = parsePort(text[i+1:]); err != nil {
		return "", 0, fmt.Errorf("port %s is %w", show(text[i+1:]), err)
	}
	return host, port, nil
}

// portless finds an address without a port, the last part of which would be
// taken for one.
func portless(text string) error {
	inner, closed := strings.CutSuffix(text, "]")
	inner, opened := strings.CutPrefix(inner, "[")
	addr, err := netip.ParseAddr(inner)
	switch {
	case text == AllInterfaces || text == Loopback:
		return &mistake{"the port is missing", "write " + text + ":5002"}
	case err != nil || opened != closed:
		return nil
	case addr.Is6() && !opened:
		return errBrackets
	}
	return &mistake{"the port is missing", "write " + net.JoinHostPort(addr.String(), "5002")}
}

func parsePort(text string) (int, error) { return parseInt(text, 0, 65535) }

// parseHost takes no host names but one: what a name leads to can change, and
// a server listens at addresses.
func parseHost(host, text string) (string, error) {
	switch host {
	case AllInterfaces, Loopback:
		return host, nil
	case "":
		return "", &mistake{"the address is missing", fmt.Sprintf("write %s for all interfaces, %s for the default ones", show("*"+text), show(text[1:]))}
	}
	inner, closed := strings.CutSuffix(host, "]")
	inner, opened := strings.CutPrefix(inner, "[")
	addr, err := netip.ParseAddr(inner)
	switch {
	case err != nil || opened != closed:
		return "", fmt.Errorf("%s is not an IP address", show(host))
	case addr.Is6() && !opened:
		return "", errBrackets
	case addr.Is4() && opened:
		return "", &mistake{"only an IPv6 address has brackets", "write " + show(strings.NewReplacer("[", "", "]", "").Replace(text))}
	}
	return addr.String(), nil
}

// usePort takes the port from $PORT, where platforms put it, unless something
// that is meant for this program alone gives one: a token, a flag or RIP_HTTP.
// The address that rip.toml may give stays.
func (c *Config) usePort(v variables, nearer ...[]setting) error {
	for _, settings := range nearer {
		for _, s := range settings {
			if s.option.name == "http" {
				return nil
			}
		}
	}
	text := v["PORT"]
	if text == "" {
		return nil
	}
	port, err := parsePort(text)
	if err != nil {
		return usage(fmt.Sprintf("PORT=%s: %v", show(text), err), "use a port from 0 to 65535, or say it nearer: http:5002")
	}
	host := c.Host
	if _, ok := c.sources["http"]; !ok {
		host = ""
	}
	c.Host, c.Port = host, port
	c.sources["http"] = "PORT=" + text
	return nil
}
