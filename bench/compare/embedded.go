package main

import "fmt"

// embedded compares the lab in TypeScript, which runs in the embedded engine,
// with the lab in Go.
func embedded(connections int) comparison {
	const workers = 4
	c := comparison{
		title: fmt.Sprintf("/ping, %d workers in TypeScript and in Go, %d connections", workers, connections),
		load:  load{path: "/ping", answer: "pong", connections: connections},
	}
	for _, socket := range []string{"seqpacket", "stream"} {
		script := ripServerOf("examples/lab-ts", socket+", TypeScript", workers, "--socket="+socket, "--no-access-log")
		compiled := ripServerOf("examples/lab", socket+", Go", workers, "--socket="+socket, "--no-access-log")
		c.rivals = append(c.rivals, script, compiled)
		c.ratios = append(c.ratios, ratio{script.name, []string{compiled.name}})
	}
	return c
}
