package capsule

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

// Send sends the request again to a server at an address and returns its
// answer, whose body must be closed. The server gives it a new id and writes its own forwarding fields,
// unless it trusts its clients; all else is as it was.
func (c *Capsule) Send(ctx context.Context, address string) (*http.Response, error) {
	if c.Cut() {
		return nil, fmt.Errorf("the capsule holds only %d of %d bytes of the body", c.BodyKept, c.BodyLength)
	}
	head, body, err := c.open()
	if err != nil {
		return nil, err
	}
	defer body.Close()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	sent := make(chan error, 1)
	go func() { // a server may answer before it has read all of it
		_, err := io.Copy(conn, io.MultiReader(bytes.NewReader(forAgain(head)), body))
		sent <- err
	}()
	r, err := c.receive(bufio.NewReader(conn))
	if err != nil {
		stop()
		conn.Close()
		if sendErr := <-sent; sendErr != nil {
			err = sendErr
		}
		return nil, fmt.Errorf("no answer from %s: %w", address, err)
	}
	r.Body = &answerBody{r.Body, func() {
		stop()
		conn.Close()
		<-sent
	}}
	return r, nil
}

// receive reads the head of the final response.
func (c *Capsule) receive(from *bufio.Reader) (*http.Response, error) {
	for {
		r, err := http.ReadResponse(from, &http.Request{Method: c.Method})
		if err != nil || r.StatusCode >= 200 {
			return r, err
		}
	}
}

// answerBody gives back all that the answer needed when it is closed.
type answerBody struct {
	io.ReadCloser
	release func()
}

func (b *answerBody) Close() error {
	err := b.ReadCloser.Close()
	b.release()
	return err
}

// forAgain returns the head without the id of the first time, and asks for the
// connection to be closed.
func forAgain(head []byte) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(head) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		switch strings.ToLower(string(name)) {
		case "x-request-id", "x-request-start":
		case "\r\n":
			b.WriteString("Connection: close\r\n\r\n")
		default:
			b.Write(line)
		}
	}
	return b.Bytes()
}
