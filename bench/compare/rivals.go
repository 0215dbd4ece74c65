package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"text/template"
)

// ripServer is the program itself, serving examples/hello.
func ripServer(name string, workers int, flags ...string) *rival {
	return ripServerOf("examples/hello", name, workers, flags...)
}

// ripServerOf is the program itself, serving an app of the repository.
func ripServerOf(app, name string, workers int, flags ...string) *rival {
	return &rival{name: name, prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		server, err := p.goProgram("rip-server", "./cmd/rip-server")
		if err != nil {
			return nil, err
		}
		args := []string{p.file(app), "w:" + strconv.Itoa(workers), "r:0",
			fmt.Sprintf("http:127.0.0.1:%d", port), "--env=production"}
		cmd := exec.Command(server, append(args, flags...)...)
		cmd.Env = append(os.Environ(), "RIP_RUN_DIR="+dir, "RIP_CACHE_DIR="+filepath.Join(p.dir, "cache"))
		return []*exec.Cmd{cmd}, nil
	}}
}

// nginxReturn is nginx that answers by itself.
func nginxReturn() *rival {
	return &rival{name: "nginx return 200", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		nginx, err := nginx(p, "bench/nginx-return.conf", port, dir)
		return []*exec.Cmd{nginx}, err
	}}
}

// nginxStream is nginx in front of single-request workers that accept on one
// listening Unix socket, one connection for each request.
func nginxStream(workers int) *rival {
	return &rival{name: "nginx → stream workers", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		pool, err := streamWorkers(p, dir, workers)
		if err != nil {
			return nil, err
		}
		nginx, err := nginx(p, "bench/nginx-stream.conf", port, dir)
		return []*exec.Cmd{pool, nginx}, err
	}}
}

// nginxKeepAlive is nginx in front of a concurrent Go server, with kept
// connections and without isolation.
func nginxKeepAlive() *rival {
	return &rival{name: "nginx keep-alive → concurrent Go", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		server, err := p.goProgram("concurrent", "./bench/concurrent")
		if err != nil {
			return nil, err
		}
		nginx, err := nginx(p, "bench/nginx-keepalive.conf", port, dir)
		return []*exec.Cmd{exec.Command(server, appSocket(dir)), nginx}, err
	}}
}

// haproxy is HAProxy that answers /server by itself, and in front of the same
// single-request workers as nginxStream.
func haproxy(name string, workers int) *rival {
	return &rival{name: name, prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		pool, err := streamWorkers(p, dir, workers)
		if err != nil {
			return nil, err
		}
		path, err := config(p, "bench/haproxy.cfg", port, dir)
		return []*exec.Cmd{pool, exec.Command("haproxy", "-db", "-f", path)}, err
	}}
}

// limit is bench/limit.c: what the kernel allows when next to nothing is done
// in user space. It has one loop for each thread.
func limit(workers, threads int) *rival {
	return &rival{name: fmt.Sprintf("limit.c (%d)", threads), prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		program, err := p.program("limit", func(output string) *exec.Cmd {
			return exec.CommandContext(p.ctx, "cc", "-O2", "-w", "-pthread", "-o", output, "bench/limit.c")
		})
		return []*exec.Cmd{exec.Command(program, strconv.Itoa(port), strconv.Itoa(workers), strconv.Itoa(threads))}, err
	}}
}

// streamWorkers returns the command that runs bench/streamworker.
func streamWorkers(p *place, dir string, workers int) (*exec.Cmd, error) {
	program, err := p.goProgram("streamworker", "./bench/streamworker")
	return exec.Command(program, appSocket(dir), strconv.Itoa(workers)), err
}

// nginx returns the command that runs nginx with a configuration of the bench
// folder.
func nginx(p *place, name string, port int, dir string) (*exec.Cmd, error) {
	path, err := config(p, name, port, dir)
	return exec.Command("nginx", "-p", dir, "-c", path, "-e", filepath.Join(dir, "error.log")), err
}

// appSocket is where a proxy finds what it is in front of.
func appSocket(dir string) string { return filepath.Join(dir, "app.sock") }

// config fills in a configuration of the repository and returns the path of
// the result.
func config(p *place, name string, port int, dir string) (string, error) {
	t, err := template.ParseFiles(p.file(name))
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, filepath.Base(name))
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return path, t.Execute(f, struct {
		Root        bool
		CPUs, Port  int
		Dir, Socket string
	}{os.Getuid() == 0, runtime.NumCPU(), port, dir, appSocket(dir)})
}
