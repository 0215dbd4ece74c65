package bundle

import (
	"slices"
	"strings"
)

// IsNodeBuiltin tells whether an import names a module that is built into Node
// (node:module, builtinModules).
func IsNodeBuiltin(name string) bool {
	if strings.HasPrefix(name, "node:") {
		return true
	}
	first, _, _ := strings.Cut(name, "/")
	return slices.Contains(nodeBuiltins, first)
}

var nodeBuiltins = []string{
	"assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram",
	"diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2", "https", "inspector", "module", "net",
	"os", "path", "perf_hooks", "process", "punycode", "querystring", "readline", "repl", "stream", "string_decoder",
	"sys", "timers", "tls", "trace_events", "tty", "url", "util", "v8", "vm", "wasi", "worker_threads", "zlib",
}
