package config

import (
	"net/netip"
	"time"
)

const (
	groupApp    = "The app and its workers"
	groupQueue  = "Waiting and time"
	groupLogs   = "Logs and built-in paths"
	groupLimits = "Limits of the HTTP side"
)

// noEnd is the largest number for options of which 0 means without end.
const noEnd = 1_000_000_000

// table lists the options in the order of the help.
var table = []option{
	{name: "workers", token: "w", group: groupApp, initial: "auto", mistaken: "n processes",
		help: "worker processes, each with one request at a time; auto is the number of CPUs this process may use",
		kind: workers()},
	{name: "max-requests", token: "r", group: groupApp, initial: "10000",
		help: "requests that a worker runs before it is replaced, 0 = no end",
		kind: integer(0, noEnd, func(c *Config) *int { return &c.MaxRequests })},
	{name: "http", token: "http", group: groupApp, initial: "5002", mistaken: "p port listen bind address",
		help: "where to listen: 5002, 127.0.0.1:5002, [::1]:5002, localhost:5002 (both), *:5002 (all interfaces); port 0 picks a free one and prints it; $PORT gives the port when the command line and RIP_HTTP do not",
		kind: address()},
	{name: "env", group: groupApp, initial: Development,
		help: "development listens on this machine only, production on all interfaces; it also chooses how changed code comes in",
		kind: oneOf(func(c *Config) *string { return &c.Env }, Development, Production)},
	{name: "hot-reload", group: groupApp, initial: ReloadModule, production: ReloadNone,
		help: "how changed code comes in: none (not by itself), process (by a rolling restart), module (with the next request); restart works with each of them",
		kind: oneOf(func(c *Config) *string { return &c.HotReload }, ReloadNone, ReloadProcess, ReloadModule)},
	{name: "max-reloads", group: groupApp, initial: "10",
		help: "reloads inside a worker before it is replaced, 0 = no end",
		kind: integer(0, noEnd, func(c *Config) *int { return &c.MaxReloads })},
	{name: "watch", group: groupApp, initial: "false",
		help: "with process reload: restart when a file of the app changes, without being asked",
		kind: onOff(func(c *Config) *bool { return &c.Watch })},
	{name: "socket", group: groupApp, initial: defaultSocket(),
		help: "type of the Unix socket that the workers share: seqpacket (Linux only) or stream, the classical model",
		kind: socket()},
	{name: "send-buffer", group: groupApp, initial: "0",
		help: "send buffer of the shared socket, 0 = as large as the system allows",
		kind: size(0, 1<<30, func(c *Config) *int { return &c.SendBuffer })},
	{name: "name", group: groupApp, initial: "the folder's name", derived: true,
		help: "name of the app in logs, in ps and for commands",
		kind: name()},
	{name: "command", group: groupApp, initial: "found out from the app", derived: true, noFlag: true,
		help: `in rip.toml only: the words that start a worker, in the app's folder`,
		kind: command()},
	{name: "config", group: groupApp, initial: "rip.toml in the app's folder, if there is one", derived: true, noKey: true,
		help: "file to read options from",
		kind: of("FILE", "the path of a file like rip.toml", func(*Config, string) error { return nil })}, // loadFile reads it

	{name: "max-queue", group: groupQueue, initial: "8192",
		help: "requests that may wait for a worker, beyond it 503",
		kind: integer(1, 1<<20, func(c *Config) *int { return &c.MaxQueue })},
	{name: "queue-timeout", group: groupQueue, initial: "10s",
		help: "how long a request may wait for a worker, beyond it 503; 0 = no end",
		kind: durationOrNone(func(c *Config) *time.Duration { return &c.QueueTimeout })},
	{name: "request-timeout", group: groupQueue, initial: "30s",
		help: "how long a worker may take to the head of its reply, and between two parts of it, beyond it 504 and the worker is killed; 0 = no end",
		kind: durationOrNone(func(c *Config) *time.Duration { return &c.RequestTimeout })},
	{name: "drain-timeout", group: groupQueue, initial: "30s",
		help: "how long requests in flight are waited for when a worker or the server stops",
		kind: duration(func(c *Config) *time.Duration { return &c.DrainTimeout })},

	{name: "json-logging", alias: "json", group: groupLogs, initial: "false",
		help: "write logs as JSON, one object a line; --json is the same",
		kind: onOff(func(c *Config) *bool { return &c.JSONLogging })},
	{name: "access-log", group: groupLogs, initial: "true", negative: true,
		help: "write one line per request, or none",
		kind: onOff(func(c *Config) *bool { return &c.AccessLog })},
	{name: "status-path", group: groupLogs, initial: "/status",
		help: "where the entry answers how the app is",
		kind: urlPath(func(c *Config) *string { return &c.StatusPath })},
	{name: "server-path", group: groupLogs, initial: "/server",
		help: "where the entry answers ok by itself",
		kind: urlPath(func(c *Config) *string { return &c.ServerPath })},

	{name: "max-body", group: groupLimits, initial: "100MiB",
		help: "request body, beyond it 413",
		kind: size(1, 1<<50, func(c *Config) *int64 { return &c.MaxBody })},
	// A head and a small body travel in one record, see wire.MaxRecord.
	{name: "max-head", group: groupLimits, initial: "32KiB",
		help: "request line and fields together, beyond it 431",
		kind: size(256, 48<<10, func(c *Config) *int { return &c.MaxHead })},
	{name: "max-target", group: groupLimits, initial: "8KiB",
		help: "request target (path and query), beyond it 414; no more than the head",
		kind: size(64, 48<<10, func(c *Config) *int { return &c.MaxTarget })},
	{name: "max-fields", group: groupLimits, initial: "100",
		help: "fields of a request, beyond it 431",
		kind: integer(1, 10_000, func(c *Config) *int { return &c.MaxFields })},
	{name: "head-timeout", group: groupLimits, initial: "10s",
		help: "from the first byte of a request to the end of its head, beyond it 408",
		kind: duration(func(c *Config) *time.Duration { return &c.HeadTimeout })},
	{name: "body-timeout", group: groupLimits, initial: "30s",
		help: "without a byte of a body that is not complete, beyond it 408",
		kind: duration(func(c *Config) *time.Duration { return &c.BodyTimeout })},
	{name: "write-timeout", group: groupLimits, initial: "60s",
		help: "without a byte taken by a client that is being answered, beyond it the client is cut off",
		kind: duration(func(c *Config) *time.Duration { return &c.WriteTimeout })},
	{name: "idle-timeout", group: groupLimits, initial: "75s",
		help: "between two requests on a connection, beyond it the connection is closed",
		kind: duration(func(c *Config) *time.Duration { return &c.IdleTimeout })},
	{name: "keep-alive-requests", group: groupLimits, initial: "0",
		help: "requests on one connection before it is closed, 0 = no end",
		kind: integer(0, noEnd, func(c *Config) *int { return &c.KeepAliveRequests })},
	{name: "max-connections", group: groupLimits, initial: "0",
		help: "connections of clients at one time, 0 = as many as descriptors allow",
		kind: integer(0, noEnd, func(c *Config) *int { return &c.MaxConnections })},
	{name: "max-connections-per-address", group: groupLimits, initial: "0",
		help: "of those, from one address, 0 = no end",
		kind: integer(0, noEnd, func(c *Config) *int { return &c.MaxConnectionsPerAddress })},
	{name: "max-spool", group: groupLimits, initial: "1GiB",
		help: "bytes of one reply that wait in a file for a slow client, beyond it the worker waits",
		kind: size(1, 1<<50, func(c *Config) *int64 { return &c.MaxSpool })},
	{name: "trusted-proxies", group: groupLimits, initial: "off",
		help: "addresses and networks from which X-Forwarded-For, -Proto, -Host and X-Request-Id are believed: 10.0.0.0/8,::1",
		kind: networks(func(c *Config) *[]netip.Prefix { return &c.TrustedProxies })},
	{name: "sendfile-roots", group: groupLimits, initial: ".",
		help: "folders whose files an app may hand over with X-Sendfile; the default is the app's own folder",
		kind: folders(func(c *Config) *[]string { return &c.SendfileRoots })},
}
