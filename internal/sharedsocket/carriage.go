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
func (g *carriage) begin(c *carrier) {
	select {
	case g.next <- c:
	default:
		go g.work(c)
	}
}

func (g *carriage) work(c *carrier) {
	for {
		g.carry(c)
		if g.idle.Add(1) > idleCarriages {
			g.idle.Add(-1)
			return
		}
		select {
		case c = <-g.next:
			g.idle.Add(-1)
		case <-g.stop:
			return
		}
	}
}
