package test

import (
	"os"
	"strings"
	"testing"

	"github.com/rip-server/rip-server/test/driver"
)

// labPaths name the pages of every lab that checks ask for.
var labPaths = []string{
	"--path=/ping", "--echo=/echo", "--large=/bytes?n=1000000", "--stream=/stream?n=3&ms=50", "--slow=/sleep?ms=300",
}

// What this repository has of workers passes: the SDK, the shims of each
// language, and the one of the documentation.
func TestCheckWorker(t *testing.T) {
	for _, test := range []struct {
		app     string
		needs   string
		refuses bool // the stream type
		paths   []string
	}{
		{"examples/lab", "", false, labPaths},
		{"examples/lab-python", "python3", false, labPaths},
		{"examples/lab-asgi", "python3", true, labPaths},
		{"examples/lab-node", "node", true, labPaths},
		{"examples/worker-python", "python3", false, nil},
	} {
		t.Run(test.app, func(t *testing.T) {
			if test.needs != "" {
				driver.Require(t, test.needs)
			}
			t.Parallel()
			out, status := driver.Run(t, nil, append([]string{"check-worker", driver.Path(t, test.app)}, test.paths...)...)
			if status != 0 {
				t.Errorf("exit status %d, it printed\n%s", status, out)
			}
			if refused := strings.Contains(out, "it does not start with this type"); refused != test.refuses {
				t.Errorf("refused %v, want %v:\n%s", refused, test.refuses, out)
			}
		})
	}
}

// A worker that misbehaves does not pass, and the table says why.
func TestCheckBadWorker(t *testing.T) {
	for kind, why := range map[string]string{
		"nonsense":     "wrote 8 bytes that are no record",
		"two-replies":  "answers a request twice",
		"non-blocking": "O_NONBLOCK",
		"let-go":       "claim",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			path := "/bad/" + kind + "?answer=1"
			out, status := driver.Run(t, []string{"LAB_JOURNAL=" + os.DevNull}, "check-worker", "--timeout=3s", "--only=claim,blocking",
				"--path="+path, "--slow="+path, "--", driver.Program(t, "test/badworker"))
			if status != 1 || !strings.Contains(out, " failed ") || !strings.Contains(out, why) {
				t.Errorf("exit status %d, want %q in\n%s", status, why, out)
			}
		})
	}
}
