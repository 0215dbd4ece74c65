package jsworker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/rip-server/rip-server/internal/quickjs"
	"golang.org/x/sys/unix"
)

// hostObject makes what the module "rip" is made of (internal/bundle/host.js).
func (a *app) hostObject() (quickjs.Value, error) {
	e := a.engine
	host, err := e.Eval("({ env: {} })", "rip:host")
	if err != nil {
		return host, err
	}
	env := host.Get("env")
	defer env.Free()
	for _, pair := range a.environ {
		name, value, _ := strings.Cut(pair, "=")
		if err := env.Set(name, value); err != nil {
			return host, err
		}
	}
	number, _ := strconv.Atoi(os.Getenv("RIP_WORKER"))
	for name, value := range map[string]any{
		"pid":    os.Getpid(),
		"worker": number,
		"tmpdir": os.TempDir(),

		"target":  quickjs.Func(a.target),
		"exit":    quickjs.Func(exit),
		"kill":    quickjs.Func(kill),
		"cpuTime": quickjs.Func(cpuTime),

		"readFile":   quickjs.Func(readFile),
		"writeFile":  quickjs.Func(writeFile),
		"appendFile": quickjs.Func(appendFile),
		"stat":       quickjs.Func(func(args []quickjs.Value) (any, error) { return stat(e, args[0].String()) }),
		"rename":     quickjs.Func(rename),
		"mkdir":      quickjs.Func(mkdir),
		"remove":     quickjs.Func(remove),
	} {
		if err := host.Set(name, value); err != nil {
			return host, err
		}
	}
	return host, nil
}

func exit(args []quickjs.Value) (any, error) {
	os.Exit(args[0].Int())
	return nil, nil
}

// kill sends a signal to this process.
func kill(args []quickjs.Value) (any, error) {
	name := args[0].String()
	signal := unix.SignalNum(name)
	if signal == 0 {
		return nil, &quickjs.Error{Name: "TypeError", Message: fmt.Sprintf("there is no signal %q", name)}
	}
	return nil, syscall.Kill(os.Getpid(), signal)
}

// cpuTime returns the CPU time of this process in milliseconds.
func cpuTime([]quickjs.Value) (any, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return nil, err
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6, nil
}

func readFile(args []quickjs.Value) (any, error) { return os.ReadFile(args[0].String()) }

func writeFile(args []quickjs.Value) (any, error) {
	return nil, os.WriteFile(args[0].String(), content(args[1]), 0o666)
}

func appendFile(args []quickjs.Value) (any, error) {
	f, err := os.OpenFile(args[0].String(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(content(args[1]))
	if e := f.Close(); err == nil {
		err = e
	}
	return nil, err
}

func content(data quickjs.Value) []byte {
	if data.IsBytes() {
		return data.View()
	}
	return []byte(data.String())
}

// stat describes a file, null when there is none.
func stat(e *quickjs.Engine, path string) (any, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return quickjs.Null{}, nil
	}
	if err != nil {
		return nil, err
	}
	object, err := e.Eval("({})", "rip:host")
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]any{
		"size":        info.Size(),
		"mtimeMs":     float64(info.ModTime().UnixMicro()) / 1e3,
		"isFile":      info.Mode().IsRegular(),
		"isDirectory": info.IsDir(),
	} {
		if err := object.Set(name, value); err != nil {
			return nil, err
		}
	}
	return object, nil
}

func rename(args []quickjs.Value) (any, error) {
	return nil, os.Rename(args[0].String(), args[1].String())
}

func mkdir(args []quickjs.Value) (any, error) { return nil, os.MkdirAll(args[0].String(), 0o777) }

func remove(args []quickjs.Value) (any, error) { return nil, os.RemoveAll(args[0].String()) }
