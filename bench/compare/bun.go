package main

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
)

// The rivals here are Bun without a proxy, as it is mostly run. How many
// connections each of its processes gets is left to the kernel: every process
// has a listening socket of its own, with SO_REUSEPORT (socket(7)).

// bunCluster is an unchanged Node app in processes of Bun. Node's cluster works
// there, on Linux with SO_REUSEPORT.
func bunCluster(app string, workers int) *rival {
	return &rival{name: "bun", needs: needsBun, prepare: func(p *place, port int, _ string) ([]*exec.Cmd, error) {
		bun, err := bunProgram(p)
		return []*exec.Cmd{cluster(bun, p, app, workers, strconv.Itoa(port))}, err
	}}
}

// bunServe is Bun's own server with an exported handler, in several processes
// with reusePort, as Bun's guide has it.
func bunServe(app string, workers int) *rival {
	return &rival{name: "bun", needs: needsBun, prepare: func(p *place, port int, _ string) ([]*exec.Cmd, error) {
		bun, err := bunProgram(p)
		var cmds []*exec.Cmd
		for range workers {
			cmds = append(cmds, exec.Command(bun, p.file("bench/bun/serve.js"), p.file(app+"/server.mjs"), strconv.Itoa(port)))
		}
		return cmds, err
	}}
}

func needsBun(p *place) error {
	bun, err := bunProgram(p)
	if err != nil {
		return err
	}
	// It may be for a processor with more instructions than this one.
	if err := exec.CommandContext(p.ctx, bun, "--version").Run(); err != nil {
		return fmt.Errorf("bun does not run here: %w", err)
	}
	return nil
}

// bunProgram returns the path of the bun that bench/bun installs.
func bunProgram(p *place) (string, error) {
	found, err := filepath.Glob(p.file("bench/bun/node_modules/@oven/bun-*/bin/bun"))
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", errors.New("not found: bun\nfrom npm: npm ci --prefix bench/bun")
	}
	return found[0], nil
}
