package control

import (
	"net/http"
)

// The words of Status.Status.
const (
	Starting  = "starting"  // no worker was ready yet, or not all of them
	Healthy   = "healthy"   // every worker is ready
	Degraded  = "degraded"  // some are not
	Unhealthy = "unhealthy" // none is
	Draining  = "draining"  // the server is stopping
)

// The words of Status.Isolation.
const (
	Isolated    = "guaranteed"     // a worker cannot run two requests at a time
	Unknown     = "unknown"        // whether it does is the affair of the program that workers are
	NotIsolated = "not guaranteed" // one was seen that does
)

// Status is all that a server tells its owner.
type Status struct {
	Status      string         `json:"status"`
	App         string         `json:"app"`
	Kind        string         `json:"kind"`
	Path        string         `json:"path"`
	PID         int            `json:"pid"`
	Address     string         `json:"address"`
	Workers     int            `json:"workers"` // the configured number
	Ports       map[string]int `json:"ports"`
	Uptime      float64        `json:"uptime"` // seconds
	Socket      string         `json:"socket"`
	Isolation   string         `json:"isolation"` // of requests from each other
	HotReload   string         `json:"hotReload"`
	Env         string         `json:"env"`
	Capsules    string         `json:"capsules"` // folder of its crash capsules, "" = none are kept
	Ready       int            `json:"ready"`    // workers
	Spent       int            `json:"spent"`    // workers that take nothing more and still run
	Busy        int            `json:"busy"`     // workers that run a request
	Queued      int            `json:"queued"`
	Streaming   int            `json:"streaming"`
	Connections int            `json:"connections"`
	Requests    uint64         `json:"requests"` // since the start
	LogDropped  uint64         `json:"logDropped"`
	Version     string         `json:"version"`
	LastError   string         `json:"lastError"`
	WorkerList  []Worker       `json:"workerList"`
}

// Worker is one process of the app.
type Worker struct {
	Number     int     `json:"number"`
	PID        int     `json:"pid"`
	State      string  `json:"state"`
	Reason     string  `json:"reason"`
	Generation int     `json:"generation"`
	Requests   uint64  `json:"requests"`
	Reloads    uint64  `json:"reloads"`
	Code       uint64  `json:"code"`
	Busy       bool    `json:"busy"`
	Request    string  `json:"request"`
	Running    float64 `json:"running"` // seconds for which it was seen to run it
	Since      float64 `json:"since"`   // seconds in this state
	LastError  string  `json:"lastError"`
}

// PublicStatus is what anybody may know: no process ids, paths, error texts.
type PublicStatus struct {
	Status    string         `json:"status"`
	App       string         `json:"app"`
	Workers   int            `json:"workers"`
	Ports     map[string]int `json:"ports"`
	Uptime    int64          `json:"uptime"`
	Ready     int            `json:"ready"`
	Busy      int            `json:"busy"`
	Queued    int            `json:"queued"`
	Streaming int            `json:"streaming"`
	Spent     int            `json:"spent"`
}

// Public returns the part for everybody.
func (s Status) Public() PublicStatus {
	return PublicStatus{
		Status: s.Status, App: s.App, Workers: s.Workers, Ports: s.Ports, Uptime: int64(s.Uptime),
		Ready: s.Ready, Busy: s.Busy, Queued: s.Queued, Streaming: s.Streaming, Spent: s.Spent,
	}
}

// Code returns the HTTP status that goes with the status: 200 when requests
// can be sent here, else 503.
func (s Status) Code() int {
	switch s.Status {
	case Healthy, Degraded:
		return http.StatusOK
	}
	return http.StatusServiceUnavailable
}
