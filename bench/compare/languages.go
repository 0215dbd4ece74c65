package main

import (
	"context"
	"fmt"
	"time"
)

// The comparisons here put the same app, unchanged, on this server and on what
// people use for its language today.

const (
	labPython = "examples/lab-python"
	labASGI   = "examples/lab-asgi"
	labNode   = "examples/lab-node"
	fetchNode = "examples/fetch-node"

	benchWSGI = "bench/apps/wsgi"
	benchASGI = "bench/apps/asgi"
	benchNode = "bench/apps/node"

	// The interpreter that Debian's servers for Python run on.
	debianPython = "/usr/bin/python3"
)

// languages is every language under every load: what the server costs, what it
// costs beside an app that computes, and what workers cost that wait.
func languages() []comparison {
	ping := load{path: "/ping", answer: "pong", connections: 64}
	work := load{path: "/work", length: 10240, connections: 64}
	wait := load{path: "/wait", answer: "waited", connections: 64}
	plan := []comparison{
		wsgi("/ping", labPython, ping, 4, 4, 4), asgi("/ping", labASGI, ping, 4, 4), node("/ping", labNode, ping, 4, 4, 4), fetchHandler(ping, 4),
		wsgi(computes, benchWSGI, work, 4, 4, 4), asgi(computes, benchASGI, work, 4, 4), node(computes, benchNode, work, 4, 4, 4),
	}
	// As many of the others as need the memory of 16 of ours.
	for _, c := range []comparison{wsgi(waits, benchWSGI, wait, 16, 36, 22), asgi(waits, benchASGI, wait, 16, 16), node(waits, benchNode, wait, 16, 20, 20)} {
		c.gauge = &footprint
		plan = append(plan, c)
	}
	return plan
}

// footprint is the gauge where memory is what requests compete for.
var footprint = gauge{
	columns: []column{{"requests/s", whole}, {"p50", seconds}, {"p99", seconds}, {"MB of memory", whole}},
	measure: func(ctx context.Context, t *target, l load, d time.Duration) (sample, error) {
		s, err := l.wrk(ctx, t.place, t.url, d)
		if err != nil {
			return nil, err
		}
		bytes, err := t.memory(ctx)
		return append(s, bytes/1e6), err
	},
}

const (
	computes = "/work, 1 ms of CPU and 10 KB of JSON"
	waits    = "/wait, 20 ms, at equal memory"
)

// wsgi compares servers of a WSGI app.
func wsgi(what, app string, l load, workers, underUWSGI, underGunicorn int) comparison {
	ours := ripServerOf(app, "rip-server", workers, "--no-access-log", "--python="+debianPython)
	uwsgi, gunicorn := nginxUWSGI(app, underUWSGI), nginxGunicorn(app, underGunicorn)
	return comparison{
		title:  title(what, "WSGI", l, workers),
		load:   l,
		rivals: []*rival{ours, uwsgi, gunicorn},
		ratios: []ratio{{ours.name, []string{uwsgi.name}}, {ours.name, []string{gunicorn.name}}},
		needs:  []tool{{"gunicorn", "gunicorn"}, {"uwsgi", "uwsgi-core uwsgi-plugin-python3"}},
	}
}

// asgi compares servers of an ASGI app. Uvicorn's workers run many requests at
// once, ours one.
func asgi(what, app string, l load, workers, underUvicorn int) comparison {
	ours := ripServerOf(app, "rip-server", workers, "--no-access-log", "--python="+debianPython)
	uvicorn := nginxUvicorn(app, underUvicorn)
	return comparison{
		title:  title(what, "ASGI", l, workers),
		load:   l,
		rivals: []*rival{ours, uvicorn},
		ratios: []ratio{{ours.name, []string{uvicorn.name}}},
		needs:  []tool{{"uvicorn", "uvicorn"}},
	}
}

// node compares servers of an unchanged Node app. The processes of a cluster
// run many requests at once, ours one.
func node(what, app string, l load, workers, inCluster, inBun int) comparison {
	return nodeBeside(title(what, "Node", l, workers), app, l, workers,
		nginxNodeCluster(app, inCluster), nodeCluster(app, inCluster), bunCluster(app, inBun))
}

// fetchHandler compares an exported handler on this server with an app that listens, as
// the processes of a cluster have to, and with the same handler in Bun.
func fetchHandler(l load, workers int) comparison {
	return nodeBeside(title(l.path+", an exported handler", "Node", l, workers), fetchNode, l, workers,
		nginxNodeCluster(labNode, workers), nodeCluster(labNode, workers), bunServe(fetchNode, workers))
}

func nodeBeside(title, app string, l load, workers int, theirs ...*rival) comparison {
	ours := ripServerOf(app, "rip-server", workers, "--no-access-log")
	c := comparison{
		title:  title,
		load:   l,
		rivals: append([]*rival{ours}, theirs...),
		needs:  []tool{{"node", "nodejs"}},
		warmUp: 4 * time.Second, // for their compilers
	}
	for _, r := range theirs {
		c.ratios = append(c.ratios, ratio{ours.name, []string{r.name}})
	}
	return c
}

func title(what, kind string, l load, workers int) string {
	return fmt.Sprintf("%s, %d %s workers, %d connections", what, workers, kind, l.connections)
}
