package sharedsocket

// queue is the part of the app's queue that is in user space: first in, first
// out, with removal from anywhere. The zero value is empty.
type queue struct {
	first, last *Exchange
	n           int
}

func (q *queue) pushBack(x *Exchange) {
	x.prev, x.next = q.last, nil
	if q.last != nil {
		q.last.next = x
	} else {
		q.first = x
	}
	q.last = x
	q.n++
}

// pushOlder puts an exchange back that had left the queue before: at its place
// by time of submission, which is at or near the front.
func (q *queue) pushOlder(x *Exchange) {
	after := q.first
	for after != nil && after.Submitted <= x.Submitted {
		after = after.next
	}
	if after == nil {
		q.pushBack(x)
		return
	}
	x.prev, x.next = after.prev, after
	if after.prev != nil {
		after.prev.next = x
	} else {
		q.first = x
	}
	after.prev = x
	q.n++
}

func (q *queue) remove(x *Exchange) {
	if x.prev != nil {
		x.prev.next = x.next
	} else {
		q.first = x.next
	}
	if x.next != nil {
		x.next.prev = x.prev
	} else {
		q.last = x.prev
	}
	x.prev, x.next = nil, nil
	q.n--
}
