// Package config makes one Config of what a person said on the command line,
// in the environment and in rip.toml, and refuses what it does not understand.
//
// One table (table.go) holds every option. Parsing and help are made from it,
// and a test compares docs/configuration.md with it, so that they cannot disagree.
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

// The values of Config.Socket.
const (
	Seqpacket = "seqpacket"
	Stream    = "stream"
)

// The values of Config.Host that are no IP address.
const (
	Loopback      = "localhost" // 127.0.0.1 and ::1
	AllInterfaces = "*"         // of IPv4 and IPv6
)

// Kinds are the kinds of apps that may be asked for. internal/runtimes knows
// what they are.
var Kinds = []string{"command", "go", "python", "javascript", "node", "executable"}

// Config is everything that a server is told. Load fills it and checks it;
// after that it does not change.
type Config struct {
	Path string // of the app, absolute; symbolic links are not resolved
	Dir  string // of the app, absolute: Path, or the folder that it is in
	Name string // of the app

	Workers     int    // 1 to 256
	MaxRequests int    // a worker runs before it is recycled, 0 = no end
	Host        string // Loopback, AllInterfaces or an IP address
	Port        int    // 0 = a free one
	Env         string

	HotReload  string
	MaxReloads int // in a worker before it is recycled, 0 = no end
	Watch      bool
	Kind       string            // one of Kinds, "" = found out from the app
	Entry      string            // what to run of the app, "" = found out from the app
	Python     string            // absolute path of the interpreter or its name in PATH, "" = found out
	Node       string            // absolute path of node or its name in PATH, "" = found out
	Loaders    map[string]string // extension to the absolute path of the module that compiles such files
	Command    []string          // that starts a worker, nil = found out from the app
	Exec       []string          // program and arguments that adopt the shared socket, nil = workers speak the worker protocol
	Socket     string
	SendBuffer int // bytes, 0 = as large as the system allows

	MaxMemory     int64         // resident bytes of a worker before it is recycled, 0 = no end
	MaxMemoryHard int64         // resident bytes of a worker before it is killed, 0 = no end
	Capsules      string        // folder for crash capsules, absolute; "" = none are kept
	Quarantine    time.Duration // how long a request that kills workers is refused, 0 = off

	MaxQueue       int
	QueueTimeout   time.Duration // 0 = no end
	RequestTimeout time.Duration // 0 = no end
	DrainTimeout   time.Duration

	JSONLogging bool
	AccessLog   bool
	StatusPath  string            // "" = off
	ServerPath  string            // "" = off
	Static      map[string]string // absolute folders by what paths of requests begin with: "/" or without a slash at the end

	MaxHead                  int    // bytes
	MaxTarget                int    // bytes, at most MaxHead
	MaxFields                int    //
	MaxBody                  int64  // bytes
	MaxSpool                 int64  // bytes
	SpoolDir                 string // absolute; need not exist yet
	HeadTimeout              time.Duration
	BodyTimeout              time.Duration
	WriteTimeout             time.Duration
	IdleTimeout              time.Duration
	KeepAliveRequests        int // 0 = no end
	MaxConnections           int // 0 = no end
	MaxConnectionsPerAddress int // 0 = no end
	TrustedProxies           []netip.Prefix
	SendfileRoots            []string // absolute, without colons; nil = no file replies

	RunDir   string // absolute; exists after MakeRunDir
	CacheDir string // absolute; need not exist yet

	sources map[string]string // by the name of an option, where its value came from
	run     runFolder
}

// Source says where the value of an option came from, as the person wrote it:
// "http:5002", "RIP_HTTP=5002", `shop/rip.toml:3: http = 5002`; "" for the
// default.
func (c *Config) Source(option string) string { return c.sources[option] }

// Addresses returns what to listen on, in the form that net.Listen takes. With
// port 0 the port that the first one gets belongs to the others too.
func (c *Config) Addresses() []string {
	port := strconv.Itoa(c.Port)
	switch c.Host {
	case AllInterfaces:
		return []string{":" + port}
	case Loopback:
		return []string{"127.0.0.1:" + port, "[::1]:" + port}
	}
	return []string{net.JoinHostPort(c.Host, port)}
}
