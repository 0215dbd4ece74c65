package entry

import "time"

// batch is how many bytes of answers to pipelined requests are sent at once.
const batch = 16 << 10

// done ends a request. What is in out is sent later, together with the
// answers to the requests that are here already.
func (c *conn) done() {
	if len(c.out) > batch {
		_ = c.flush()
	}
	if access := c.e.cfg.Access; access != nil {
		if c.r == c.w || c.ending != stays {
			_ = c.flush() // before the clock is read
		}
		c.log.Total = time.Since(c.begun)
		c.log.Method, c.log.Path = view(c.method), view(c.path)
		access.Write(&c.log)
	}
	c.stream(false)
	c.step = stepHead
	c.countBody()
	c.request.Reset()
	if c.flying {
		c.flying = false
		c.x.detach()
		c.x = nil
	} else if c.x != nil {
		c.x.reuse()
	}
	c.enter(phaseIdle)
}

// closing decides, before the head of the response is written, what becomes of
// the connection.
func (c *conn) closing() {
	switch {
	case c.ending != stays:
	case c.request.Close:
		c.ending = closes
	case c.e.stopping.Load(), c.e.cfg.MaxRequests > 0 && c.served >= c.e.cfg.MaxRequests:
		c.ending = lingers
	}
}

// account takes what the access log says of the worker, after the final reply.
func (c *conn) account() {
	x := c.x
	c.log.Worker = x.Worker
	if x.Took == 0 {
		return
	}
	c.log.CPU = time.Duration(x.CPU)
	if x.Finished > x.Took {
		c.log.WorkerTime = time.Duration(x.Finished - x.Took)
	}
	if x.Took > x.Submitted {
		c.log.Queue = time.Duration(x.Took - x.Submitted)
	}
}
