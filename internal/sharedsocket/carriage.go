package sharedsocket

import "sync/atomic"

// idleCarriages is how many goroutines wait for the next request of the stream
// type. Those beyond it end.
const idleCarriages = 64

// carriage has goroutines carry requests. They are used again: a new one would
// have its stack grown and copied for every request.
type carriage struct {
	carry func(departure)
	next  chan departure // to whoever waits
	stop  <-chan struct{}
	idle  atomic.Int32
}

// begin carries a request in the background.
func (c *carriage) begin(d departure) {
	select {
	case c.next <- d:
	default:
		go c.work(d)
	}
}

func (c *carriage) work(d departure) {
	for {
		c.carry(d)
		if c.idle.Add(1) > idleCarriages {
			c.idle.Add(-1)
			return
		}
		select {
		case d = <-c.next:
			c.idle.Add(-1)
		case <-c.stop:
			return
		}
	}
}
