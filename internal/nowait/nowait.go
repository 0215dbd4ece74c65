// Package nowait makes the system calls of the hot path: on descriptors that
// do not block, many times per request. On Linux the scheduler of Go is not
// told of them. It would otherwise note when each of them begins and ends, and
// its monitor would take the processor away from a goroutine in the middle of
// one as soon as the machine is busy, for calls that end by themselves within
// microseconds.
//
// A descriptor that blocks must never come here: the whole program would stop
// at the next garbage collection.
package nowait

// largest is how much is moved without telling the scheduler. The kernel copies
// it in the time of a few small calls.
const largest = 64 << 10
