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

const workers = 4

// ripServer is the program itself, serving examples/hello.
func ripServer(name string, flags ...string) *rival {
	return &rival{name: name, prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		server, err := p.goProgram("rip-server", "./cmd/rip-server")
		if err != nil {
			return nil, err
		}
		args := []string{p.file("examples/hello"), "w:" + strconv.Itoa(workers), "r:0",
			fmt.Sprintf("http:127.0.0.1:%d", port), "--env=production"}
		cmd := exec.Command(server, append(args, flags...)...)
		cmd.Env = append(os.Environ(), "RIP_RUN_DIR="+dir, "RIP_CACHE_DIR="+filepath.Join(p.dir, "cache"))
		return []*exec.Cmd{cmd}, nil
	}}
}

// nginxReturn is nginx that answers by itself.
var nginxReturn = &rival{name: "nginx return 200", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
	nginx, err := nginx(p, "bench/nginx-return.conf", port, dir)
	return []*exec.Cmd{nginx}, err
}}

// nginxStream is nginx in front of single-request workers that accept on one
// listening Unix socket, one connection for each request.
var nginxStream = &rival{name: "nginx → stream workers", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
	worker, err := p.goProgram("streamworker", "./bench/streamworker")
	if err != nil {
		return nil, err
	}
	nginx, err := nginx(p, "bench/nginx-stream.conf", port, dir)
	return []*exec.Cmd{exec.Command(worker, workersSocket(dir), strconv.Itoa(workers)), nginx}, err
}}

// limit is bench/limit.c: what the kernel allows when next to nothing is done
// in user space. It has one loop for each thread.
func limit(threads int) *rival {
	return &rival{name: fmt.Sprintf("limit.c (%d)", threads), prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		program, err := p.program("limit", func(output string) *exec.Cmd {
			return exec.CommandContext(p.ctx, "cc", "-O2", "-w", "-pthread", "-o", output, "bench/limit.c")
		})
		return []*exec.Cmd{exec.Command(program, strconv.Itoa(port), strconv.Itoa(workers), strconv.Itoa(threads))}, err
	}}
}

func workersSocket(dir string) string { return filepath.Join(dir, "workers.sock") }

// nginx returns the command that runs nginx with a configuration of this
// folder.
func nginx(p *place, config string, port int, dir string) (*exec.Cmd, error) {
	t, err := template.ParseFiles(p.file(config))
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "nginx.conf")
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	err = t.Execute(f, struct {
		Root        bool
		CPUs, Port  int
		Dir, Socket string
	}{os.Getuid() == 0, runtime.NumCPU(), port, dir, workersSocket(dir)})
	return exec.Command("nginx", "-p", dir, "-c", path, "-e", filepath.Join(dir, "error.log")), err
}
