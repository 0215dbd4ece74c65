package workercheck

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rip-server/rip-server/internal/sharedsocket"
	"github.com/rip-server/rip-server/internal/wire"
	"github.com/rip-server/rip-server/worker"
)

// The test binary plays the worker: with the SDK, or one that breaks a rule.
func TestMain(m *testing.M) {
	if os.Getenv(wire.EnvProtocol) == "" {
		os.Exit(m.Run())
	}
	if fault := os.Getenv(envFault); fault != "" {
		playRaw(fault)
		os.Exit(0)
	}
	if err := worker.Serve(http.HandlerFunc(app)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func app(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/echo":
		sum := sha256.New()
		_, _ = io.Copy(sum, r.Body)
		fmt.Fprintln(w, hex.EncodeToString(sum.Sum(nil)))
	case "/large":
		_, _ = w.Write(make([]byte, 1<<20))
	case "/stream":
		for range 3 {
			fmt.Fprintln(w, "a part")
			w.(http.Flusher).Flush()
			time.Sleep(50 * time.Millisecond)
		}
	case "/slow":
		time.Sleep(200 * time.Millisecond)
	}
}

// options are those of the test binary.
func options(env ...string) Options {
	return Options{
		Command: func() *exec.Cmd { return exec.Command(os.Args[0]) },
		Env:     append(append(os.Environ(), "GORACE=atexit_sleep_ms=0"), env...), // the race detector lets each process linger
		Name:    "app", Dir: "/",
		Paths:   Paths{Plain: "/", Echo: "/echo", Large: "/large", Stream: "/stream", Slow: "/slow"},
		Timeout: 20 * time.Second,
	}
}

// A worker passes every check, on both types of socket, and leaves nothing
// behind.
func TestWorkerOfTheSDK(t *testing.T) {
	for _, kind := range []sharedsocket.Type{sharedsocket.Seqpacket, sharedsocket.Stream} {
		done := 0
		Run(t.Context(), kind, options(), func(r Result) {
			done++
			if r.Verdict == Failed || r.Verdict == Skipped && !strings.Contains(r.Why, "alone") {
				t.Errorf("%s %s %s: %s\n%s", kind, r.Name, r.Verdict, r.Why, r.Output)
			}
		})
		if done != len(checks) {
			t.Errorf("%s: %d results of %d checks", kind, done, len(checks))
		}
	}
}

// Each rule that a worker breaks fails the check that is about it.
func TestFaults(t *testing.T) {
	for _, test := range []struct {
		fault string
		check string
		why   string // part of the reason
	}{
		{"none", "", ""},
		{"silent", "ready", "did not say in time that it is ready"},
		{"ready-twice", "ready", "said twice"},
		{"inherits", "close-on-exec", "descriptor 3 is inherited"},
		{"no-zero", "request", "to be zero"},
		{"bad-slot", "request", "names the slot"},
		{"odd-flags", "request", "flags 0x42"},
		{"no-times", "request", "does not know when"},
		{"wall-clock", "request", "at another time than now"},
		{"no-claim", "claim", ""},
		{"keeps-claim", "request", "the claim"},
		{"no-count", "request", ""},
		{"counts-twice", "request", "more requests than it answered"},
		{"bad-length", "request", "Content-Length of 1 and a body of 0 bytes"},
		{"chunked", "request", "chunked"},
		{"no-head-end", "request", "head without an end"},
		{"lets-go", "claim", "not in the row any more"},
		{"knows-few-methods", "methods", "PURGE /: the worker died"},
		{"knows-no-files", "echo", "a body of 65537 bytes"},
		{"reads-little", "echo", "a body of 65535 bytes"},
		{"dies-of-eagain", "eagain", "EAGAIN"},
		{"loses-parts", "large", "Content-Length"},
		{"hoards", "stream", "do not come as the app makes them"},
		{"ignores-the-ledger", "unwanted", "not in flight"},
		{"keeps-quiet", "unwanted", "does not give back"},
		{"ignores-leave", "leave-running", "does not exit"},
		{"bad-status", "leave-running", "exit status 3"},
		{"ignores-sigterm", "term-idle", "does not exit"},
		{"default-sigterm", "term-running", "died"},
		{"dies-of-sigterm", "term-running", "exit status 1"},
		{"never-spent", "spent", "does not say that it is spent"},
		{"says-no-spent", "spent", "does not say that it is spent"},
		{"exits-when-spent", "spent", ""},
		{"outlives-the-server", "end-idle", "does not exit"},
	} {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			o := options(envFault + "=" + test.fault)
			if test.check != "" {
				o.Only = []string{test.check}
			}
			if strings.Contains(test.why, "not") || strings.Contains(test.why, "claim") {
				o.Timeout = 2 * time.Second // that something does not come is what is waited for
			}
			var failed []string
			Run(t.Context(), sharedsocket.Seqpacket, o, func(r Result) {
				if r.Verdict == Failed {
					failed = append(failed, r.Name)
					if !strings.Contains(r.Why, test.why) || test.check == "" {
						t.Errorf("%s: %s, want %q in it\n%s", r.Name, r.Why, test.why, r.Output)
					}
				}
			})
			if want := []string{test.check}; test.check != "" && !slices.Equal(failed, want) || test.check == "" && failed != nil {
				t.Errorf("failed: %q, want %q", failed, want)
			}
		})
	}
}

// A type of socket that a worker refuses is no failure where it may.
func TestRefusal(t *testing.T) {
	o := options()
	o.Command = func() *exec.Cmd { return exec.Command("sh", "-c", "echo I will not >&2; exit 1") }
	for _, may := range []bool{true, false} {
		o.MayRefuse = may
		o.Only = []string{"ready", "request"}
		var got []Result
		Run(t.Context(), sharedsocket.Seqpacket, o, func(r Result) { got = append(got, r) })
		if may && (len(got) != 1 || got[0].Verdict != Skipped || !strings.Contains(got[0].Why, "I will not")) {
			t.Errorf("got %+v", got)
		}
		if !may && (len(got) != 2 || got[1].Verdict != Failed || !strings.Contains(got[1].Output, "I will not")) {
			t.Errorf("got %+v", got)
		}
	}
}
