package main

import "fmt"

// headline is what every run measures: what the project promises.
func headline() []comparison {
	plan := []comparison{server(64), server(512), ping(64), reload(64), embedded(64)}
	plan = append(plan, languages()...)
	plan = append(plan, fixedRates(64, 4)...)
	return append(plan, calls(64), restarts(64), download(), fileReply(), idle(10000), startUp())
}

// sweep is what -all adds: how it goes with more and fewer connections and
// workers.
func sweep() []comparison {
	var plan []comparison
	for _, connections := range []int{1, 8, 512, 2048} {
		plan = append(plan, pool(connections, 4))
	}
	for _, workers := range []int{1, 2, 8, 16} {
		plan = append(plan, pool(64, workers))
	}
	return append(plan, bodies(64)...)
}

// server compares entries that answer alone.
func server(connections int) comparison {
	ours, nginx, haproxy := ripServer("rip-server", 4, "--no-access-log"), nginxReturn(), haproxy("HAProxy return 200", 4)
	return comparison{
		title:  fmt.Sprintf("/server, %d connections", connections),
		load:   load{path: "/server", answer: "ok", connections: connections},
		rivals: []*rival{ours, nginx, haproxy},
		ratios: []ratio{{ours.name, []string{nginx.name}}, {ours.name, []string{haproxy.name}}},
	}
}

// ping compares a trivial request to an app of four workers, in all ways.
func ping(connections int) comparison {
	const workers = 4
	c := comparison{
		title: fmt.Sprintf("/ping, %d Go workers, %d connections", workers, connections),
		load:  load{path: "/ping", answer: "pong", connections: connections},
	}
	nginx, haproxy, concurrent := nginxStream(workers), haproxy("HAProxy → stream workers", workers), nginxKeepAlive()
	one, two := limit(workers, 1), limit(workers, 2)
	for _, socket := range []string{"seqpacket", "stream"} {
		silent := ripServer(socket+", no access log", workers, "--socket="+socket, "--no-access-log")
		human := ripServer(socket+", access log", workers, "--socket="+socket)
		json := ripServer(socket+", JSON access log", workers, "--socket="+socket, "--json-logging")
		c.rivals = append(c.rivals, silent, human, json)
		c.ratios = append(c.ratios,
			ratio{silent.name, []string{nginx.name}},
			ratio{silent.name, []string{haproxy.name}},
			ratio{silent.name, []string{concurrent.name}},
			ratio{silent.name, []string{one.name, two.name}},
			ratio{human.name, []string{silent.name}},
			ratio{json.name, []string{silent.name}})
	}
	c.rivals = append(c.rivals, nginx, haproxy, concurrent, one, two)
	return c
}

// reload compares what the modes of hot reload cost while nothing changes.
func reload(connections int) comparison {
	const workers = 4
	c := comparison{
		title: fmt.Sprintf("/ping, modes of hot reload, %d connections", connections),
		load:  load{path: "/ping", answer: "pong", connections: connections},
	}
	for _, socket := range []string{"seqpacket", "stream"} {
		none := ripServer(socket+", none", workers, "--socket="+socket, "--no-access-log", "--hot-reload=none")
		module := ripServer(socket+", module", workers, "--socket="+socket, "--no-access-log", "--hot-reload=module")
		c.rivals = append(c.rivals, none, module)
		c.ratios = append(c.ratios, ratio{module.name, []string{none.name}})
	}
	return c
}

// pool compares the pools of single-request workers.
func pool(connections, workers int) comparison {
	seqpacket := ripServer("seqpacket", workers, "--socket=seqpacket", "--no-access-log")
	stream := ripServer("stream", workers, "--socket=stream", "--no-access-log")
	nginx := nginxStream(workers)
	return comparison{
		title:  fmt.Sprintf("/ping, %d Go workers, %d connections", workers, connections),
		load:   load{path: "/ping", answer: "pong", connections: connections},
		rivals: []*rival{seqpacket, stream, nginx},
		ratios: []ratio{{seqpacket.name, []string{nginx.name}}, {stream.name, []string{nginx.name}}},
	}
}
