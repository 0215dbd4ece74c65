package sharedsocket

import "sync/atomic"

// idleCarriages is how many goroutines wait for the next request of the stream
// type. Those beyond it end.
const idleCarriages = 64

// carriage has goroutines carry requests. They are used again: a new one would
// have its stack grown and copied for every request.
type carriage struct {
	carry func(*carrier)
	next  chan *carrier // to whoever waits
	stop  <-chan struct{}
	idle  atomic.Int32
}

// begin carries a request in the background.
func (c *carriage) begin(p *carrier) {
	select {
	case c.next <- p:
	default:
		go c.work(p)
	}
}

func (c *carriage) work(p *carrier) {
	for {
		c.carry(p)
		if c.idle.Add(1) > idleCarriages {
			c.idle.Add(-1)
			return
		}
		select {
		case p = <-c.next:
			c.idle.Add(-1)
		case <-c.stop:
			return
		}
	}
}
