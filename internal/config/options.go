package config

import (
	"runtime"
	"strconv"
	"strings"
)

// option is one thing that can be set. Its name is the flag (--name), the key
// in rip.toml (name = …) and the variable (RIP_NAME).
type option struct {
	name    string
	token   string // "w" of w:4, "" = none
	alias   string // another spelling of the flag
	value   string // what stands for the value in help, "" = on or off
	initial string // default, as people write it; "" = see help
	help    string
	example string
	group   string

	// set takes the value, or returns what it must be instead.
	set func(c *Config, v string) (want string)
}

func (o *option) variable() string {
	return "RIP_" + strings.ToUpper(strings.ReplaceAll(o.name, "-", "_"))
}

const (
	groupApp    = "The app and its workers"
	groupQueue  = "Waiting and time"
	groupLogs   = "Logs and built-in paths"
	groupLimits = "Limits of the HTTP side"
)

// options is all there is to set. Parsing, help and docs/configuration.md go by it.
var options = []option{
	{name: "workers", token: "w", value: "N|auto", initial: "auto", example: "4", group: groupApp,
		help: "worker processes; auto is the number of CPUs",
		set: func(c *Config, v string) string {
			if v == "auto" {
				c.Workers = runtime.NumCPU()
				return ""
			}
			return between(&c.Workers, v, 1, 256, "auto or ")
		}},
	{name: "max-requests", token: "r", value: "N", initial: "10000", example: "10000", group: groupApp,
		help: "requests a worker runs before it is replaced, 0 = no end",
		set:  func(c *Config, v string) string { return between(&c.MaxRequests, v, 0, 1<<40, "") }},
	{name: "http", token: "http", value: "PORT|ADDRESS:PORT", initial: "$PORT, else 5002", example: "5002", group: groupApp,
		help: "where to listen; port 0 picks a free one and prints it",
		set:  setHTTP},
	{name: "env", value: "development|production", initial: Development, example: Production, group: groupApp,
		help: "development listens on loopback and reloads by module, production listens on all interfaces and does not reload",
		set:  func(c *Config, v string) string { return oneOf(&c.Env, v, Development, Production) }},
	{name: "hot-reload", value: "none|process|module", example: ReloadModule, group: groupApp,
		help: "how a change of the code gets in: not by itself, by a rolling restart on demand, or with the next request; default module in development, none in production",
		set: func(c *Config, v string) string {
			return oneOf(&c.HotReload, v, ReloadNone, ReloadProcess, ReloadModule)
		}},
	{name: "max-reloads", value: "N", initial: "10", example: "20", group: groupApp,
		help: "reloads in a worker before it is replaced, 0 = no end",
		set:  func(c *Config, v string) string { return between(&c.MaxReloads, v, 0, 1<<40, "") }},
	{name: "watch", example: "true", group: groupApp,
		help: "with process reload: restart by itself when a file of the app changes",
		set:  func(c *Config, v string) string { return onOff(&c.Watch, v) }},
	{name: "socket", value: "seqpacket|stream", example: "stream", group: groupApp,
		help: "kind of the socket that workers share; default seqpacket on Linux, else stream",
		set:  func(c *Config, v string) string { return oneOf(&c.Socket, v, "seqpacket", "stream") }},
	{name: "send-buffer", value: "SIZE", initial: "0", example: "4MiB", group: groupApp,
		help: "send buffer of the shared socket, 0 = as large as the system allows",
		set:  func(c *Config, v string) string { return size(&c.SendBuffer, v) }},
	{name: "name", value: "NAME", example: "shop", group: groupApp,
		help: "name of the app in logs, ps and commands; default the name of its folder",
		set:  setName},
	{name: "config", value: "FILE", example: "rip.toml", group: groupApp,
		help: "configuration file; default rip.toml in the app's folder, if there is one",
		set: func(c *Config, v string) string {
			c.File = v
			return ""
		}},

	{name: "max-queue", value: "N", initial: "8192", example: "8192", group: groupQueue,
		help: "requests that may wait for a worker, beyond it 503",
		set:  func(c *Config, v string) string { return between(&c.MaxQueue, v, 1, 1<<20, "") }},
	{name: "queue-timeout", value: "DUR", initial: "10s", example: "10s", group: groupQueue,
		help: "how long a request may wait for a worker, then 503; 0 = no end",
		set:  func(c *Config, v string) string { return duration(&c.QueueTimeout, v, true) }},
	{name: "request-timeout", value: "DUR", initial: "30s", example: "30s", group: groupQueue,
		help: "how long a worker may take to the head of its reply, and between two parts of it, then 504 and the worker is killed; 0 = no end",
		set:  func(c *Config, v string) string { return duration(&c.RequestTimeout, v, true) }},
	{name: "drain-timeout", value: "DUR", initial: "30s", example: "30s", group: groupQueue,
		help: "how long requests in flight are waited for when a worker or the server stops",
		set:  func(c *Config, v string) string { return duration(&c.DrainTimeout, v, false) }},

	{name: "json-logging", alias: "json", example: "true", group: groupLogs,
		help: "write logs as JSON, one object a line",
		set:  func(c *Config, v string) string { return onOff(&c.JSONLogging, v) }},
	{name: "no-access-log", example: "true", group: groupLogs,
		help: "write no line per request",
		set:  func(c *Config, v string) string { return onOff(&c.NoAccessLog, v) }},
	{name: "status-path", value: "PATH|off", initial: "/status", example: "/status", group: groupLogs,
		help: "where the entry answers how the app is",
		set:  func(c *Config, v string) string { return path(&c.StatusPath, v) }},
	{name: "server-path", value: "PATH|off", initial: "/server", example: "/server", group: groupLogs,
		help: "where the entry answers ok by itself",
		set:  func(c *Config, v string) string { return path(&c.ServerPath, v) }},

	{name: "max-head", value: "SIZE", initial: "32KiB", example: "32KiB", group: groupLimits,
		help: "request line and fields together, beyond it 431",
		set:  func(c *Config, v string) string { return sizeBetween(&c.MaxHead, v, 256, 48<<10) }},
	{name: "max-target", value: "SIZE", initial: "8KiB", example: "8KiB", group: groupLimits,
		help: "request target, beyond it 414",
		set:  func(c *Config, v string) string { return sizeBetween(&c.MaxTarget, v, 64, 48<<10) }},
	{name: "max-fields", value: "N", initial: "100", example: "100", group: groupLimits,
		help: "fields of a request, beyond it 431",
		set:  func(c *Config, v string) string { return between(&c.MaxFields, v, 1, 10000, "") }},
	{name: "max-body", value: "SIZE", initial: "100MiB", example: "100MiB", group: groupLimits,
		help: "request body, beyond it 413",
		set:  func(c *Config, v string) string { return sizeBetween(&c.MaxBody, v, 1, 1<<60) }},
	{name: "max-spool", value: "SIZE", initial: "1GiB", example: "1GiB", group: groupLimits,
		help: "what of one reply may wait in a file for a slow client; beyond it the worker waits",
		set:  func(c *Config, v string) string { return sizeBetween(&c.MaxSpool, v, 1, 1<<60) }},
	{name: "head-timeout", value: "DUR", initial: "10s", example: "10s", group: groupLimits,
		help: "from the first byte of a request to the end of its head, then 408",
		set:  func(c *Config, v string) string { return duration(&c.HeadTimeout, v, false) }},
	{name: "body-timeout", value: "DUR", initial: "30s", example: "30s", group: groupLimits,
		help: "without a byte of a body that is not complete, then 408",
		set:  func(c *Config, v string) string { return duration(&c.BodyTimeout, v, false) }},
	{name: "write-timeout", value: "DUR", initial: "60s", example: "60s", group: groupLimits,
		help: "without a byte taken by a client that is being answered, then it is cut",
		set:  func(c *Config, v string) string { return duration(&c.WriteTimeout, v, false) }},
	{name: "idle-timeout", value: "DUR", initial: "75s", example: "75s", group: groupLimits,
		help: "between two requests on a connection",
		set:  func(c *Config, v string) string { return duration(&c.IdleTimeout, v, false) }},
	{name: "keep-alive-requests", value: "N", initial: "0", example: "1000", group: groupLimits,
		help: "requests on one connection, 0 = no end",
		set:  func(c *Config, v string) string { return between(&c.KeepAliveRequests, v, 0, 1<<40, "") }},
	{name: "max-connections", value: "N", initial: "0", example: "10000", group: groupLimits,
		help: "connections of clients at one time, 0 = as many as descriptors allow",
		set:  func(c *Config, v string) string { return between(&c.MaxConnections, v, 0, 1<<30, "") }},
	{name: "max-connections-per-address", value: "N", initial: "0", example: "100", group: groupLimits,
		help: "of those, from one address, 0 = no end",
		set:  func(c *Config, v string) string { return between(&c.MaxConnectionsPerAddress, v, 0, 1<<30, "") }},
	{name: "trusted-proxies", value: "CIDR,…", example: "10.0.0.0/8,127.0.0.1", group: groupLimits,
		help: "from whom X-Forwarded-For, -Proto, -Host and X-Request-Id are believed; default nobody",
		set:  setProxies},
	{name: "sendfile-roots", value: "DIR,…", example: "/srv/files", group: groupLimits,
		help: "folders whose files an app may hand over with X-Sendfile; default the app's own folder",
		set:  setRoots},
}

// find returns the option with that flag or token, nil when there is none.
func find(name string) *option {
	for i := range options {
		if o := &options[i]; o.name == name || o.alias == name && name != "" {
			return o
		}
	}
	return nil
}

func findToken(token string) *option {
	for i := range options {
		if o := &options[i]; o.token == token && token != "" {
			return o
		}
	}
	return nil
}

func quote(v string) string { return strconv.Quote(v) }
