package accesslog

import "time"

// Record is what the access log says of one request.
type Record struct {
	Time       time.Time     // when the request head was complete
	Total      time.Duration // from then to the last byte handed to the kernel
	WorkerTime time.Duration // from taken to finished in the worker; 0 when no worker ran it
	Queue      time.Duration // from complete to taken by a worker
	CPU        time.Duration // CPU time of the worker process in between
	Method     string
	Path       string // target as received, without the query
	Status     int    // status sent; 499 when the client went away before one was
	Type       string // media type of the answer without parameters, "" when none
	Length     int64  // body bytes sent to the client
	BytesIn    int64  // body bytes received from the client
	ID         string // X-Request-Id
	Worker     int    // number of the worker, 0 = none (answered by the entry)
	Client     string // address of the client, without port
	Reason     string // why the server, not the app, gave this status; "" = the app did
}
