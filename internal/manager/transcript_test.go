package manager

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestTranscript(t *testing.T) {
	var tr transcript
	for i := range 100_000 {
		tr.add(fmt.Appendf(nil, "line %d", i))
	}
	tr.dump()
	for range 2 * maxStacks / 10 {
		tr.add([]byte("goroutine"))
	}
	last, stacks := tr.read()
	if len(last) > maxLast || len(last) < maxLast-20 || !bytes.HasPrefix(last, []byte("line ")) || !bytes.HasSuffix(last, []byte("line 99999\n")) {
		t.Errorf("%d bytes, %.20q … %q", len(last), last, last[len(last)-20:])
	}
	if len(stacks) > maxStacks+50 || !bytes.HasPrefix(stacks, []byte("goroutine\n")) || !bytes.HasSuffix(stacks, []byte(" bytes cut]\n")) {
		t.Errorf("%d bytes of stacks, the end is %q", len(stacks), stacks[len(stacks)-30:])
	}
}

func TestTranscriptOfOneLongLine(t *testing.T) {
	var tr transcript
	tr.add(bytes.Repeat([]byte("x"), 3*maxLast))
	if last, _ := tr.read(); string(last) != strings.Repeat("x", maxLast-1)+"\n" {
		t.Errorf("%d bytes, %.20q", len(last), last)
	}
	var none *transcript
	none.add([]byte("line"))
	none.dump()
	if last, stacks := none.read(); last != nil || stacks != nil {
		t.Errorf("none kept %q and %q", last, stacks)
	}
}
