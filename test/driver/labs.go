package driver

import (
	"path/filepath"
	"testing"
)

// lab is a lab app. All of them behave alike, whatever their language.
type lab struct {
	app     string   // its folder
	needs   string   // a program that it runs with, "" = none
	sockets []string // types of shared sockets that its workers speak
}

// labs has a line for each language.
var labs = []lab{
	{app: "examples/lab", sockets: []string{"seqpacket", "stream"}},
	{app: "examples/lab-ts", sockets: []string{"seqpacket", "stream"}},
	{app: "examples/lab-python", needs: "python3", sockets: []string{"seqpacket", "stream"}},
	{app: "examples/lab-node", needs: "node", sockets: []string{"seqpacket"}},
	{app: "examples/lab-asgi", needs: "python3", sockets: []string{"seqpacket"}},
}

// EveryLab runs a test with every lab on every type of shared socket.
func EveryLab(t *testing.T, test func(*testing.T, Options)) {
	for _, lab := range labs {
		t.Run(filepath.Base(lab.app), func(t *testing.T) {
			if lab.needs != "" {
				Require(t, lab.needs)
			}
			for _, socket := range lab.sockets {
				t.Run(socket, func(t *testing.T) { test(t, Options{App: lab.app, Socket: socket}) })
			}
		})
	}
}
