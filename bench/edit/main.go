// Edit measures what a developer waits for: from saving a file of
// examples/hello to the first answer of the new code, side by side with
// `go build` of the same change, in turns; or of examples/hello-ts alone.
//
//	go run ./bench/edit        # 15 times each
//	go run ./bench/edit -n 30
//	go run ./bench/edit -app hello-ts
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// patience is how long a start or an edit may take before it has failed.
const patience = time.Minute

func main() {
	n := flag.Int("n", 15, "how many edits")
	socket := flag.String("socket", "seqpacket", "the type of the shared socket")
	app := flag.String("app", "hello", "hello or hello-ts")
	flag.Parse()
	if err := run(*n, *socket, *app); err != nil {
		fmt.Fprintln(os.Stderr, "edit:", err)
		os.Exit(1)
	}
}

func run(n int, socket, app string) error {
	if n < 1 {
		return fmt.Errorf("-n is %d: at least one edit is needed", n)
	}
	file, known := map[string]string{"hello": "main.go", "hello-ts": "index.ts"}[app]
	if !known {
		return fmt.Errorf("-app is %q, not hello or hello-ts", app)
	}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	dir, err := os.MkdirTemp("", "rip-edit-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{root: strings.TrimSpace(string(root)), dir: dir, app: filepath.Join(dir, app), file: file}
	if err := b.prepare(); err != nil {
		return err
	}
	stop, err := b.serve(socket)
	if err != nil {
		return err
	}
	defer stop()
	var answers, builds []time.Duration
	for i := 1; i <= n; i++ {
		answer, err := b.answer(2 * i)
		if err != nil {
			return err
		}
		answers = append(answers, answer)
		if !b.compiled() {
			fmt.Printf("%2d  save to answer %5d ms\n", i, answer.Milliseconds())
			continue
		}
		build, err := b.build(2*i + 1)
		if err != nil {
			return err
		}
		builds = append(builds, build)
		fmt.Printf("%2d  save to answer %5d ms   go build %5d ms\n", i, answer.Milliseconds(), build.Milliseconds())
	}
	fmt.Printf("medians: save to answer %s", summary(answers))
	if b.compiled() {
		fmt.Printf(", go build %s, difference %d ms", summary(builds), (answers[n/2] - builds[n/2]).Milliseconds())
	}
	fmt.Println()
	return nil
}

// summary sorts times and tells the median and the extremes.
func summary(times []time.Duration) string {
	slices.Sort(times)
	n := len(times)
	return fmt.Sprintf("%d ms (%d to %d)", times[n/2].Milliseconds(), times[0].Milliseconds(), times[n-1].Milliseconds())
}

// bench is a copy of the app and the server that serves it. The copy is made
// twice, so that neither side finds in Go's build cache what the other has made.
type bench struct {
	root, dir, app string
	file           string // of the app, that is edited
	url            string
}

func (b *bench) prepare() error {
	if out, err := b.goTool(b.root, "build", "-o", filepath.Join(b.dir, "rip-server"), "./cmd/rip-server"); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	if !b.compiled() {
		if err := os.Mkdir(b.app, 0o700); err != nil {
			return err
		}
		return b.save(b.app, 0)
	}
	for _, app := range []string{b.app, b.twin()} {
		if err := os.Mkdir(app, 0o700); err != nil {
			return err
		}
		mod := "module hello\n\ngo 1.26\n\nrequire github.com/rip-server/rip-server v0.0.0\n\n" +
			"replace github.com/rip-server/rip-server => " + strconv.Quote(b.root) + "\n"
		if err := os.WriteFile(filepath.Join(app, "go.mod"), []byte(mod), 0o600); err != nil {
			return err
		}
		if err := b.save(app, 0); err != nil {
			return err
		}
	}
	_, err := b.build(1)
	return err
}

// compiled tells whether it is the Go app.
func (b *bench) compiled() bool { return b.file == "main.go" }

func (b *bench) twin() string { return b.app + "-twin" }

// save writes the app so that it answers /ping with a number.
func (b *bench) save(app string, number int) error {
	text, err := os.ReadFile(filepath.Join(b.root, "examples", filepath.Base(strings.TrimSuffix(app, "-twin")), b.file))
	if err != nil {
		return err
	}
	edited := strings.Replace(string(text), `"pong"`, strconv.Quote(strconv.Itoa(number)), 1)
	if edited == string(text) {
		return fmt.Errorf(`%s of the example answers no "pong"`, b.file)
	}
	return os.WriteFile(filepath.Join(app, b.file), []byte(edited), 0o600)
}

// build saves the twin and returns how long go build takes.
func (b *bench) build(number int) (time.Duration, error) {
	if err := b.save(b.twin(), number); err != nil {
		return 0, err
	}
	began := time.Now()
	if out, err := b.goTool(b.twin(), "build", "-o", filepath.Join(b.dir, "twin"), "."); err != nil {
		return 0, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return time.Since(began), nil
}

// env lets go complete the go.mod of the copies by itself.
func (b *bench) env() []string {
	return append(os.Environ(), "GOFLAGS=-mod=mod", "RIP_RUN_DIR="+filepath.Join(b.dir, "run"), "RIP_CACHE_DIR="+filepath.Join(b.dir, "cache"))
}

func (b *bench) goTool(dir string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = b.env()
	return cmd.CombinedOutput()
}

// answer saves the app that is served and returns how long it takes until a
// client gets the new answer. It asks all the time, as a browser would that is
// reloaded again and again; the server makes it wait and gives no old answer.
func (b *bench) answer(number int) (time.Duration, error) {
	began := time.Now()
	if err := b.save(b.app, number); err != nil {
		return 0, err
	}
	for time.Since(began) < patience {
		body, err := b.get()
		if err != nil {
			return 0, err
		}
		if body == strconv.Itoa(number) {
			return time.Since(began), nil
		}
	}
	return 0, fmt.Errorf("no answer of edit %d", number)
}

func (b *bench) get() (string, error) {
	response, err := http.Get(b.url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

// serve starts the server and waits until the app answers.
func (b *bench) serve(socket string) (stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := l.Addr().String()
	l.Close()
	b.url = "http://" + address + "/ping"
	cmd := exec.Command(filepath.Join(b.dir, "rip-server"), b.app, "w:4", "http:"+address,
		"--hot-reload=module", "--no-access-log", "--socket="+socket)
	cmd.Env = b.env()
	output, err := os.Create(filepath.Join(b.dir, "output"))
	if err != nil {
		return nil, err
	}
	defer output.Close()
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if body, err := b.get(); err == nil && body == "0" {
			return stop, nil
		}
		if time.Since(began) > patience {
			stop()
			text, _ := os.ReadFile(output.Name())
			return nil, fmt.Errorf("the app does not answer:\n%s", text)
		}
	}
}
