// Package config is what a server is told to do: one struct, filled once from
// the command line, the environment and rip.toml, and checked once.
package config

import (
	"net"
	"net/netip"
	"strconv"
	"time"
)

// The values of Config.Env.
const (
	Development = "development"
	Production  = "production"
)

// The values of Config.HotReload.
const (
	ReloadNone    = "none"
	ReloadProcess = "process"
	ReloadModule  = "module"
)

// Config is everything that a server goes by. Load fills all of it.
type Config struct {
	Path    string   // of the app, absolute; symbolic links are not resolved
	Name    string   // of the app
	Command []string // that starts a worker, from rip.toml; nil = by the kind of the app
	File    string   // rip.toml that was read, "" = none

	Workers     int
	MaxRequests int // of a worker, 0 = no end
	Host        string
	Port        int // 0 = a free one
	Env         string
	HotReload   string
	MaxReloads  int // in a worker, 0 = no end
	Watch       bool
	Socket      string // "seqpacket" or "stream"
	SendBuffer  int64  // bytes, 0 = as large as allowed

	MaxQueue       int
	QueueTimeout   time.Duration // 0 = no end
	RequestTimeout time.Duration // 0 = no end
	DrainTimeout   time.Duration

	JSONLogging bool
	NoAccessLog bool

	StatusPath string // "" = off
	ServerPath string // "" = off

	MaxHead                  int64
	MaxTarget                int64
	MaxFields                int
	MaxBody                  int64
	MaxSpool                 int64
	HeadTimeout              time.Duration
	BodyTimeout              time.Duration
	WriteTimeout             time.Duration
	IdleTimeout              time.Duration
	KeepAliveRequests        int // 0 = no end
	MaxConnections           int // 0 = no end
	MaxConnectionsPerAddress int // 0 = no end
	TrustedProxies           []netip.Prefix
	SendfileRoots            []string

	RunDir   string // private folder for sockets and locks of this user's servers
	CacheDir string // folder for what is built
}

// Addresses returns where to listen: the given host, else both loopback
// addresses in development and all interfaces in production.
func (c *Config) Addresses() []string {
	port := strconv.Itoa(c.Port)
	switch {
	case c.Host != "":
		return []string{net.JoinHostPort(c.Host, port)}
	case c.Env == Production:
		return []string{":" + port}
	}
	return []string{net.JoinHostPort("127.0.0.1", port), net.JoinHostPort("::1", port)}
}
