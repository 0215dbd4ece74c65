package workercheck

// check is one line of the table.
type check struct {
	name  string
	about string // what the worker does when all is well
	only  string // the one type of socket that it concerns, "" = both
	run   func(*bench) error
}

// checks are made in this order. Each has workers of its own.
var checks = []check{
	{"ready", "says once that it is ready", "", ready},
	{"close-on-exec", "marks descriptors 3 to 6 close-on-exec", "", closeOnExec},
	{"blocking", "leaves descriptor 3 blocking", "", blocking},

	{"request", "answers, counts and clears its claim", "", plain},
	{"claim", "holds its claim until the reply is complete", "", claims},
	{"methods", "takes every method", "", methods},
	{"targets", "takes every target", "", targets},
	{"fields", "takes many and long fields", "", fields},
	{"body", "takes bodies in the record", "", bodies},
	{"body-file", "takes bodies in a file", "", bodyFiles},
	{"echo", "gives bodies to the app unchanged", "", echo},
	{"load", "answers each of many requests once", "", load},
	{"eagain", "waits when another worker made the socket non-blocking", "seqpacket", again},
	{"person", "answers a connection without Rip-Request", "stream", person},

	{"large", "sends large replies whole, to slow clients too", "", large},
	{"stream", "sends parts as they come", "", streams},

	{"unwanted", "gives back what nobody wants any more", "", unwanted},
	{"cancelled", "ends what it runs when the client has gone", "", cancelled},

	{"leave-idle", "exits on leave and SIGTERM when idle", "", leaveIdle},
	{"leave-taken", "gives back what it takes when it has to leave", "", leaveTaken},
	{"leave-running", "finishes what it runs, then leaves", "", leaveRunning},
	{"leave-ever", "loses and repeats nothing when told to leave at any moment", "", leaveEver},
	{"term-start", "exits on SIGTERM before it is ready", "", termStart},
	{"term-idle", "exits on SIGTERM when idle", "", termIdle},
	{"term-running", "finishes what it runs on SIGTERM, then exits", "", termRunning},
	{"term-ever", "loses and repeats nothing on SIGTERM at any moment", "", termEver},
	{"spent", "takes no more than RIP_MAX_REQUESTS and waits", "", spent},

	{"end-idle", "exits when the server is gone", "seqpacket", endIdle},
	{"end-queued", "runs nothing that is left when the server is gone", "", endQueued},
	{"end-running", "exits when the server goes while it runs a request", "seqpacket", endRunning},
}
