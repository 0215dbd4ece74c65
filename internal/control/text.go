package control

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// WriteText writes the status for people: a few lines and a table of workers.
func (s Status) WriteText(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %s at %s, up %s\n", s.App, s.Status, s.Address, duration(s.Uptime))
	fmt.Fprintf(&b, "  %s app %s, %s, process %d, version %s\n", s.Kind, s.Path, s.Env, s.PID, s.Version)
	fmt.Fprintf(&b, "  workers: %d of %d ready, %d busy; socket %s; hot reload %s\n", s.Ready, s.Workers, s.Busy, s.Socket, s.HotReload)
	if s.Isolation != Isolated && s.Isolation != "" {
		fmt.Fprintf(&b, "  isolation: %s\n", s.isolation())
	}
	fmt.Fprintf(&b, "  requests: %d served, %d waiting, %d streaming; connections: %d\n", s.Requests, s.Queued, s.Streaming, s.Connections)
	if s.LogDropped > 0 {
		fmt.Fprintf(&b, "  log lines dropped: %d\n", s.LogDropped)
	}
	if s.LastError != "" {
		fmt.Fprintf(&b, "  last error: %s\n", indent(s.LastError))
	}
	if len(s.WorkerList) > 0 {
		b.WriteByte('\n')
		writeWorkers(&b, s.WorkerList, s.Isolation == Isolated || s.Isolation == "")
	}
	_, err := w.Write(b.Bytes())
	return err
}

// isolation says what is known of one request at a time.
func (s Status) isolation() string {
	if s.Isolation == Unknown {
		return "left to the program, nothing is known against it"
	}
	return s.Isolation + ", a process was seen that holds several requests at a time"
}

func writeWorkers(w io.Writer, list []Worker, counted bool) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WORKER\tPID\tSTATE\tFOR\tREQUESTS\tGENERATION\tRELOADS\tCODE\tRUNS\tREMARK")
	for _, k := range list {
		pid, code, runs, requests := "-", "-", "-", "-"
		if counted {
			requests = fmt.Sprint(k.Requests)
		}
		if k.PID != 0 {
			pid = fmt.Sprint(k.PID)
		}
		if k.Code != 0 { // it counts the versions that it has loaded
			code = fmt.Sprint(k.Code)
		}
		if k.Busy {
			runs = cmp.Or(k.Request, "a request")
			if k.Running >= 1 {
				runs += " for " + duration(k.Running)
			}
		}
		remark, _, _ := strings.Cut(cmp.Or(k.Reason, k.LastError), "\n")
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\n",
			k.Number, pid, k.State, duration(k.Since), requests, k.Generation, k.Reloads, code, runs, cmp.Or(remark, "-"))
	}
	table.Flush()
}

// duration writes seconds as 3d4h, 1h5m, 2m30s or 12s.
func duration(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second)).Truncate(time.Second)
	switch days := d / (24 * time.Hour); {
	case days > 0:
		return fmt.Sprintf("%dd%dh", days, d%(24*time.Hour)/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%dh%dm", d/time.Hour, d%time.Hour/time.Minute)
	}
	return d.String()
}

// indent lets the lines of a text (a compiler's output, say) line up below the
// first one.
func indent(text string) string {
	return strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n    ")
}
