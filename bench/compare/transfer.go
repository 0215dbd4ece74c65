package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// gigabyte is what large transfers are measured with.
const gigabyte = 1 << 30

// bodies compares bodies of a few sizes in both directions, on many
// connections.
func bodies(connections int) []comparison {
	const workers = 4
	var plan []comparison
	for _, size := range []int{1 << 10, 64 << 10, 1 << 20} {
		down := load{path: fmt.Sprintf("/bytes?n=%d", size), length: size, connections: connections}
		up := load{path: "/ping", answer: "pong", upload: size, connections: connections}
		for title, l := range map[string]load{"%s down, %d connections": down, "%s up, %d connections": up} {
			plan = append(plan, labPool(fmt.Sprintf(title, bytesOf(size), connections), l, workers))
		}
	}
	return plan
}

// labPool is pool with an app that can do more than /ping.
func labPool(title string, l load, workers int) comparison {
	seqpacket := ripServerOf("examples/lab", "seqpacket", workers, "--socket=seqpacket", "--no-access-log")
	stream := ripServerOf("examples/lab", "stream", workers, "--socket=stream", "--no-access-log")
	nginx := nginxStream(workers)
	return comparison{
		title: title, load: l,
		rivals: []*rival{seqpacket, stream, nginx},
		ratios: []ratio{{seqpacket.name, []string{nginx.name}}, {stream.name, []string{nginx.name}}},
	}
}

// download compares a gigabyte that a worker makes.
func download() comparison {
	c := labPool("1 GB down through a worker, one connection", load{path: "/ping", answer: "pong", connections: 1}, 4)
	c.gauge = transferOf(fmt.Sprintf("/bytes?n=%d", gigabyte))
	return c
}

// fileReply compares a file that a worker names with the same file served by
// nginx itself.
func fileReply() comparison {
	ours := &rival{name: "rip-server, file reply of a worker", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		path, err := p.gigabyte()
		if err != nil {
			return nil, err
		}
		cmds, err := ripServerOf("examples/lab", "", 4, "--no-access-log", "--sendfile-roots="+filepath.Dir(path)).prepare(p, port, dir)
		if err == nil {
			cmds[0].Env = append(cmds[0].Env, "TMPDIR="+p.dir)
		}
		return cmds, err
	}}
	nginx := &rival{name: "nginx serving the file", prepare: func(p *place, port int, dir string) ([]*exec.Cmd, error) {
		path, err := p.gigabyte()
		if err != nil {
			return nil, err
		}
		if err := os.Symlink(path, filepath.Join(dir, "file")); err != nil {
			return nil, err
		}
		nginx, err := nginx(p, "bench/nginx-file.conf", port, dir)
		return []*exec.Cmd{nginx}, err
	}}
	return comparison{
		title:  "1 GB file, one connection",
		load:   load{path: "/ping", answer: "pong", connections: 1},
		rivals: []*rival{ours, nginx},
		ratios: []ratio{{ours.name, []string{nginx.name}}},
		gauge:  transferOf(fmt.Sprintf("/file?n=%d", gigabyte)),
	}
}

// gigabyte returns the path of a file of that size, which is made when it is
// asked for first. It has no holes, which cost less to send. It lies where the
// lab looks for one with the place as its temporary folder.
func (p *place) gigabyte() (string, error) {
	path := filepath.Join(p.dir, "rip-lab", fmt.Sprintf("%d.bin", gigabyte))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = io.CopyN(f, rand.NewChaCha8([32]byte{}), gigabyte)
	return path, err
}

// transferOf measures one download of a gigabyte.
func transferOf(path string) *gauge {
	return &gauge{
		columns: []column{{"MB/s", whole}, {"CPU ms", whole}},
		measure: func(ctx context.Context, t *target, _ load, _ time.Duration) (sample, error) {
			cpu, start := t.cpu(), time.Now()
			if err := fetch(ctx, t.address, path, gigabyte); err != nil {
				return nil, err
			}
			took := time.Since(start)
			return sample{gigabyte / 1e6 / took.Seconds(), (t.cpu() - cpu).Seconds() * 1000}, nil
		},
	}
}

// fetch gets a body and forgets it. Its buffer is large enough that the client
// is not what is measured.
func fetch(ctx context.Context, address, path string, size int64) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	client := http.Client{Transport: &http.Transport{ReadBufferSize: 256 << 10, DialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil }}}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, "GET", "http://"+address+path, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, response.Body, make([]byte, 256<<10))
	if err != nil || n != size || response.StatusCode != 200 {
		return fmt.Errorf("status %d with %d bytes: %w", response.StatusCode, n, err)
	}
	return nil
}

func bytesOf(n int) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d KB", n>>10)
}
