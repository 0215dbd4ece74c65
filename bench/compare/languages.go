package main

import (
	"fmt"
	"os/exec"
	"strconv"
)

// The comparisons here put the same app, unchanged, on this server and on what
// people use for its language today.

const (
	labPython = "examples/lab-python"
	labASGI   = "examples/lab-asgi"
	labNode   = "examples/lab-node"

	// The interpreter that Debian's servers for Python run on.
	debianPython = "/usr/bin/python3"
)

// wsgi compares servers of a WSGI app.
func wsgi(connections int) comparison {
	const workers = 4
	ours := ripServerOf(labPython, "rip-server", workers, "--no-access-log", "--python="+debianPython)
	uwsgi, gunicorn := nginxUWSGI(workers), nginxGunicorn(workers)
	return comparison{
		title:  fmt.Sprintf("/ping, %d WSGI workers, %d connections", workers, connections),
		load:   load{path: "/ping", answer: "pong", connections: connections},
		rivals: []*rival{ours, uwsgi, gunicorn},
		ratios: []ratio{{ours.name, []string{uwsgi.name}}, {ours.name, []string{gunicorn.name}}},
		needs:  []tool{{"gunicorn", "gunicorn"}, {"uwsgi", "uwsgi-core uwsgi-plugin-python3"}},
	}
}

// asgi compares servers of an ASGI app. Uvicorn's workers run many requests at
// once, ours one.
func asgi(connections int) comparison {
	const workers = 4
	ours := ripServerOf(labASGI, "rip-server", workers, "--no-access-log", "--python="+debianPython)
	uvicorn := nginxUvicorn(workers)
	return comparison{
		title:  fmt.Sprintf("/ping, %d ASGI workers, %d connections", workers, connections),
		load:   load{path: "/ping", answer: "pong", connections: connections},
		rivals: []*rival{ours, uvicorn},
		ratios: []ratio{{ours.name, []string{uvicorn.name}}},
		needs:  []tool{{"uvicorn", "python3-uvicorn"}},
	}
}

// node compares servers of an unchanged Node app. The processes of a cluster
// run many requests at once, ours one.
func node(connections int) comparison {
	const workers = 4
	ours := ripServerOf(labNode, "rip-server", workers, "--no-access-log")
	behind, alone := nginxNodeCluster(workers), nodeCluster(workers)
	return comparison{
		title:  fmt.Sprintf("/ping, %d Node workers, %d connections", workers, connections),
		load:   load{path: "/ping", answer: "pong", connections: connections},
		rivals: []*rival{ours, behind, alone},
		ratios: []ratio{{ours.name, []string{behind.name}}, {ours.name, []string{alone.name}}},
		needs:  []tool{{"node", "nodejs"}},
	}
}

// nginxGunicorn is gunicorn with its default kind of worker, which has one
// request at a time and no keep-alive.
func nginxGunicorn(workers int) *rival {
	return &rival{name: "nginx → gunicorn (sync)", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		nginx, err := nginx(p, "bench/nginx-stream.conf", port, dir)
		return []*exec.Cmd{exec.Command("gunicorn", "--workers="+strconv.Itoa(workers), "--bind=unix:"+appSocket(dir),
			"--chdir="+p.file(labPython), "--log-level=warning", "app:app"), nginx}, err
	}}
}

// nginxUWSGI is uWSGI over its own protocol.
func nginxUWSGI(workers int) *rival {
	return &rival{name: "nginx → uWSGI", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		nginx, err := nginx(p, "bench/nginx-uwsgi.conf", port, dir)
		return []*exec.Cmd{exec.Command("uwsgi", "--plugin=python3", "--master", "--need-app", "--disable-logging",
			"--processes="+strconv.Itoa(workers), "--uwsgi-socket="+appSocket(dir), "--listen=100",
			"--chdir="+p.file(labPython), "--module=app:app", "--die-on-term"), nginx}, err
	}}
}

// nginxUvicorn is uvicorn with kept connections.
func nginxUvicorn(workers int) *rival {
	return &rival{name: "nginx → uvicorn", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		nginx, err := nginx(p, "bench/nginx-keepalive.conf", port, dir)
		return []*exec.Cmd{exec.Command("uvicorn", "--workers="+strconv.Itoa(workers), "--uds="+appSocket(dir),
			"--app-dir="+p.file(labASGI), "--no-access-log", "--log-level=warning", "asgi:app"), nginx}, err
	}}
}

// nginxNodeCluster is a cluster of Node processes with kept connections.
func nginxNodeCluster(workers int) *rival {
	return &rival{name: "nginx → node cluster", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		nginx, err := nginx(p, "bench/nginx-keepalive.conf", port, dir)
		return []*exec.Cmd{nodeProcesses(p, workers, appSocket(dir)), nginx}, err
	}}
}

// nodeCluster is a cluster of Node processes that clients connect to.
func nodeCluster(workers int) *rival {
	return &rival{name: "node cluster", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		return []*exec.Cmd{nodeProcesses(p, workers, strconv.Itoa(port))}, nil
	}}
}

func nodeProcesses(p *place, workers int, listen string) *exec.Cmd {
	return exec.Command("node", p.file("bench/node-cluster.js"), p.file(labNode+"/server.js"), strconv.Itoa(workers), listen)
}
