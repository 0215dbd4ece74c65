// Package wire is the worker protocol, version 1, in Go: descriptor numbers,
// variable names and the layouts of records, row and ledger. The reference for
// every language is docs/worker-protocol.md; nothing else in the program knows
// an offset.
//
// All integers are little-endian. All times are nanoseconds of
// CLOCK_MONOTONIC, which every process of a machine shares (clock_gettime(2)).
package wire

// Version is the protocol version, as RIP_PROTOCOL carries it.
const Version = 1

// The descriptors a worker starts with.
const (
	FDRequests = 3 // the shared socket: one read is one request (stream: a listening socket)
	FDReplies  = 4 // a SOCK_SEQPACKET of the worker's own: one write is one record
	FDRow      = 5 // the worker's row, written by this worker alone
	FDLedger   = 6 // the ledger, opened for reading only
)

// The variables a worker starts with.
const (
	EnvProtocol    = "RIP_PROTOCOL"     // Version
	EnvSocket      = "RIP_SOCKET"       // "seqpacket" or "stream"
	EnvApp         = "RIP_APP"          // name of the app
	EnvAppDir      = "RIP_APP_DIR"      // absolute path of the app's folder
	EnvWorker      = "RIP_WORKER"       // number of the worker, from 1
	EnvLeave       = "RIP_LEAVE"        // byte offset of its leave word in the ledger
	EnvSlots       = "RIP_SLOTS"        // byte offset of slot 0 in the ledger
	EnvMaxRequests = "RIP_MAX_REQUESTS" // requests it may run before it is spent, 0 = no end
	EnvMaxReloads  = "RIP_MAX_RELOADS"  // reloads in the worker before it is spent, 0 = no end
	EnvHotReload   = "RIP_HOT_RELOAD"   // "none", "process" or "module"
)

// MaxRecord is the largest record in bytes, prefix included, in both directions.
const MaxRecord = 128 << 10

// MaxInlineBody is the largest request body in bytes that travels in the
// record; a larger one is a file that the record names.
const MaxInlineBody = 64 << 10

// HeaderRequest is the field of the stream type that carries slot, attempt and
// id of a request, in decimal with one space between them.
const HeaderRequest = "Rip-Request"

// HeaderStats is the field (in the head when the worker has finished by then,
// else in the trailer section) with which a worker on the stream type tells
// its number, when it took and finished the request and the CPU time spent,
// in decimal with one space between them.
const HeaderStats = "Rip-Stats"
