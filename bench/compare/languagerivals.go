package main

import (
	"os/exec"
	"strconv"
)

// nginxGunicorn is gunicorn with its default kind of worker, which has one
// request at a time and no keep-alive.
func nginxGunicorn(app string, workers int) *rival {
	return &rival{name: "nginx → gunicorn (sync)", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		nginx, err := nginx(p, "bench/nginx-stream.conf", port, dir)
		return []*exec.Cmd{exec.Command("gunicorn", "--workers="+strconv.Itoa(workers), "--bind=unix:"+appSocket(dir),
			"--chdir="+p.file(app), "--log-level=warning", "app:app"), nginx}, err
	}}
}

// nginxUWSGI is uWSGI over its own protocol.
func nginxUWSGI(app string, workers int) *rival {
	return &rival{name: "nginx → uWSGI", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		nginx, err := nginx(p, "bench/nginx-uwsgi.conf", port, dir)
		return []*exec.Cmd{exec.Command("uwsgi", "--plugin=python3", "--master", "--need-app", "--disable-logging",
			"--processes="+strconv.Itoa(workers), "--uwsgi-socket="+appSocket(dir), "--listen=100",
			"--chdir="+p.file(app), "--module=app:app", "--die-on-term"), nginx}, err
	}}
}

// nginxUvicorn is uvicorn with kept connections.
func nginxUvicorn(app string, workers int) *rival {
	return &rival{name: "nginx → uvicorn", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		nginx, err := nginx(p, "bench/nginx-keepalive.conf", port, dir)
		return []*exec.Cmd{exec.Command("uvicorn", "--workers="+strconv.Itoa(workers), "--uds="+appSocket(dir),
			"--app-dir="+p.file(app), "--no-access-log", "--log-level=warning", "asgi:app"), nginx}, err
	}}
}

// nginxNodeCluster is a cluster of Node processes with kept connections.
func nginxNodeCluster(app string, workers int) *rival {
	return &rival{name: "nginx → node cluster", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		nginx, err := nginx(p, "bench/nginx-keepalive.conf", port, dir)
		return []*exec.Cmd{cluster("node", p, app, workers, appSocket(dir)), nginx}, err
	}}
}

// nodeCluster is a cluster of Node processes that clients connect to.
func nodeCluster(app string, workers int) *rival {
	return &rival{name: "node cluster", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		return []*exec.Cmd{cluster("node", p, app, workers, strconv.Itoa(port))}, nil
	}}
}

// cluster returns the command that runs a Node app in several processes.
func cluster(program string, p *place, app string, workers int, listen string) *exec.Cmd {
	return exec.Command(program, p.file("bench/node-cluster.js"), p.file(app+"/server.js"), strconv.Itoa(workers), listen)
}
