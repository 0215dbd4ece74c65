package capsule

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// listen accepts one connection, reads until what came ends like that, and
// writes an answer.
func listen(t *testing.T, until, answer string) (address string, got <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	came := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		var b strings.Builder
		for r := bufio.NewReader(conn); !strings.HasSuffix(b.String(), until); {
			c, err := r.ReadByte()
			if err != nil {
				break
			}
			b.WriteByte(c)
		}
		_, _ = io.WriteString(conn, answer)
		came <- b.String()
	}()
	return l.Addr().String(), came
}

func TestSend(t *testing.T) {
	s, _ := open(t)
	c := s.put(t, time.Now())
	address, got := listen(t, "body", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno")
	r, err := c.Send(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r.Body)
	if r.StatusCode != 502 || string(b) != "no" || err != nil {
		t.Errorf("got %d %q, %v", r.StatusCode, b, err)
	}
	r.Body.Close()
	const want = "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody"
	if came := <-got; came != want {
		t.Errorf("sent %q, want %q", came, want)
	}
}

func TestSendToAServerThatEnds(t *testing.T) {
	s, _ := open(t)
	c := s.put(t, time.Now())
	address, _ := listen(t, "body", "")
	if r, err := c.Send(t.Context(), address); err == nil {
		t.Errorf("got %v", r)
	}
}

func TestSendIsGivenUp(t *testing.T) {
	s, _ := open(t)
	c := s.put(t, time.Now())
	address, _ := listen(t, "never", "")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(10*time.Millisecond, func() { cancel(errors.New("enough")) })
	if r, err := c.Send(ctx, address); err == nil {
		t.Errorf("got %v", r)
	}
}
