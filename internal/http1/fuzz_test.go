package http1

import (
	"fmt"
	"testing"
)

// fuzzLimits are small enough that the fuzzer finds their edges.
var fuzzLimits = Limits{Head: 512, Target: 64, Fields: 8}

// maxFuzz leaves out inputs that only take long.
const maxFuzz = 2 << 10

// FuzzRequest: no panic, the same verdict in every split, and what is accepted
// means the same when it is written again.
func FuzzRequest(f *testing.F) {
	for _, seed := range requestSeeds() {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) > maxFuzz {
			return
		}
		var r Request
		for _, lim := range []Limits{fuzzLimits, {}} {
			if n, err := parseSplits(t, &r, in, lim); n > 0 && err == nil {
				checkRewritten(t, &r)
			}
		}
	})
}

// FuzzResponse: the same, and nothing in an accepted head ends a field early.
func FuzzResponse(f *testing.F) {
	for _, seed := range responseSeeds() {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) > maxFuzz {
			return
		}
		var r Response
		for _, lim := range []Limits{fuzzLimits, {}} {
			n, err := parseSplits(t, &r, in, lim)
			if n == 0 || err != nil {
				continue
			}
			checkRewritten(t, &r)
			for _, field := range r.Fields {
				if !ValidFieldName(field.Name) || !ValidFieldValue(field.Value) {
					t.Fatalf("%q: field %q: %q", in, field.Name, field.Value)
				}
			}
		}
	})
}

// FuzzChunked: no panic, the same verdict in every split, and what is accepted
// means the same when it is written again and to net/http.
func FuzzChunked(f *testing.F) {
	f.Add([]byte(largestChunk))
	for _, table := range chunkedTables {
		for _, c := range table.cases {
			f.Add(fmt.Appendf(nil, table.pattern, c.in))
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) > maxFuzz {
			return
		}
		var c Chunked
		data, _, done, err := decodeSplits(t, &c, in)
		if done && err == nil {
			checkRechunked(t, &c, data)
			checkChunkedDifference(t, string(in))
		}
	})
}
