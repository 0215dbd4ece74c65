package jsworker

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// envHang makes the test a process that hangs in a request for the path.
const envHang = "JSWORKER_TEST_HANG"

// A worker that hangs says where when it is asked, and ends.
func TestHang(t *testing.T) {
	if path := os.Getenv(envHang); path != "" {
		hang(t, path)
		return
	}
	for path, want := range map[string]string{
		"/loop":  "SIGQUIT: GET /loop has not ended. It runs\n    at spin (index.ts:",
		"/async": "SIGQUIT: GET /async has not ended. It runs\n    at spin (index.ts:",
		"/jobs":  "SIGQUIT: GET /jobs has not ended. It runs\n",
		"/waits": "SIGQUIT: GET /waits has not ended. No JavaScript runs; it waits for 1 timers and 0 answers",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^TestHang$")
			cmd.Env = append(os.Environ(), envHang+"="+path)
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			buf := make([]byte, 100)
			n, err := stdout.Read(buf)
			if err != nil || string(buf[:n]) != "running\n" {
				t.Fatalf("%q, %v", buf[:n], err)
			}
			if err := cmd.Process.Signal(syscall.SIGQUIT); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if status := cmd.ProcessState.ExitCode(); status != exitHung || !strings.Contains(stderr.String(), want) {
				t.Errorf("status %d, it says\n%s", status, &stderr)
			}
		})
	}
}

func hang(t *testing.T, path string) {
	s := newApp(t, map[string]string{"index.ts": `
function spin(): never {
  for (;;);
}
async function forever() { for (let i = 0; ; i++) await i; }

export default (request: Request) => {
  console.log("running");
  switch (new URL(request.url).pathname) {
    case "/loop": return spin();
    case "/async": return (async () => { await null; return spin(); })();
    case "/jobs": return forever();
    case "/waits": return new Promise(() => { setTimeout(() => {}, 1e9); });
  }
}`})
	s.stdout, s.stderr = os.Stdout, os.Stderr
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGQUIT)
	s.guard.deaf = patience
	go s.guard.wait(quit)
	s.get(path)
}
