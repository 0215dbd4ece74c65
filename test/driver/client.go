package driver

import (
	"math"
	"math/rand/v2"
	"time"
)

// client is one client of a load.
type client struct {
	server   *Server
	running  *Running
	manner   Manner
	random   *rand.Rand
	conn     *Conn // nil = none is open
	outcomes []Outcome
}

// run works until the load has no more requests.
func (c *client) run() {
	defer c.hangUp()
	for {
		n := 1
		if c.manner == Pipelined {
			n = 2 + c.random.IntN(7)
		}
		ids := c.running.take(n)
		if len(ids) == 0 {
			return
		}
		if pause := c.running.load.Pause; pause > 0 {
			time.Sleep(time.Duration(c.random.Int64N(int64(pause))))
		}
		var requests []*Request
		for _, id := range ids {
			requests = append(requests, c.request(id))
		}
		c.exchange(ids, requests)
		c.running.answered.Add(int64(len(ids)))
		if c.manner == OneShot {
			c.hangUp()
		}
	}
}

// pathPrefix is where the load's requests go: the lab app answers a path it
// does not know with an echo, and the access log shows paths.
const pathPrefix = "/load/"

// request makes up a request.
func (c *client) request(id string) *Request {
	q := &Request{Method: "GET", Target: pathPrefix + id + "?q=" + id, Fields: []string{"X-Lab-Id: " + id}}
	if c.manner == OneShot {
		q.Fields = append(q.Fields, "Connection: close")
	}
	limit := 0
	switch {
	case c.manner == Upload:
		limit = c.running.load.MaxBody
	case c.running.load.MaxBody > 0 && c.random.IntN(4) == 0:
		limit = min(2000, c.running.load.MaxBody)
	}
	if limit > 0 {
		q.Method = "POST"
		q.Body = Noise(c.size(limit), c.random.Uint64N(1<<20))
		q.Chunked = c.random.IntN(2) == 0
	}
	return q
}

// size draws a length from 0 to limit: small ones are likely, every order of
// magnitude has its turn, and so have the ends.
func (c *client) size(limit int) int {
	switch c.random.IntN(20) {
	case 0:
		return 0
	case 1:
		return limit
	}
	return int(math.Pow(float64(limit+1), c.random.Float64())) - 1
}

// redial is how long a client waits that found no server.
const redial = 10 * time.Millisecond

// exchange sends the requests together and notes what becomes of each.
func (c *client) exchange(ids []string, requests []*Request) {
	var err error
	reused := c.conn != nil
	if !reused {
		c.conn, err = c.server.Dial()
	}
	if err != nil {
		for _, id := range ids {
			c.outcomes = append(c.outcomes, Outcome{ID: id, Err: err})
		}
		time.Sleep(redial) // a server that is gone is no reason to spin
		return
	}
	// The answers are read meanwhile: a server may stop reading requests while
	// nobody reads its answers.
	sent := make(chan error, 1)
	go func(conn *Conn) { sent <- conn.Send(requests...) }(c.conn)
	closed := false
	for i, q := range requests {
		o := Outcome{ID: ids[i], Err: err, Unanswered: closed, Reused: reused}
		if err == nil && !closed {
			var a *Answer
			if a, err = c.conn.Receive(q.Method); err != nil {
				o.Err = err
			} else {
				o.judge(a, q)
				closed = a.Close
			}
		}
		c.outcomes = append(c.outcomes, o)
	}
	if err != nil || closed {
		c.conn.Close() // ends a Send that still waits
	}
	if <-sent != nil || err != nil || closed {
		c.hangUp()
	}
}

func (c *client) hangUp() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}
