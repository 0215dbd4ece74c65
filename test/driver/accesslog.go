package driver

import (
	"encoding/json"
	"fmt"
	"strings"
)

// accessLine is a line of the JSON log as far as it matters here. Lines of the
// access log have a status, a report of dropped ones the number.
type accessLine struct {
	Path    string  `json:"path"`
	Status  int     `json:"status"`
	Worker  int     `json:"worker"`
	Dropped int     `json:"dropped"`
	CPU     float64 `json:"cpuSeconds"`
}

// readAccess returns the statuses logged for the requests of a load, by id,
// and how many lines the server says it dropped.
func (l *logFile) readAccess(prefix string) (statuses map[string][]int, dropped int) {
	statuses = map[string][]int{}
	for _, line := range l.lines() {
		var a accessLine
		if json.Unmarshal([]byte(line), &a) != nil {
			continue // what the Go runtime or a race detector prints
		}
		dropped += a.Dropped
		if id, ok := strings.CutPrefix(a.Path, pathPrefix); ok && a.Status != 0 && strings.HasPrefix(id, prefix) {
			statuses[id] = append(statuses[id], a.Status)
		}
	}
	return statuses, dropped
}

// disagreements says where the access log and the outcomes of a load differ.
func (l *logFile) disagreements(o *Outcomes) []string {
	logged, dropped := l.readAccess(o.prefix)
	var list, missing []string
	for _, one := range o.All {
		lines := logged[one.ID]
		switch {
		case one.Unanswered || one.Status == 0:
			// The server may have answered, or never have seen it.
		case len(lines) == 0:
			missing = append(missing, one.ID+" is not in the access log")
		case len(lines) > 1:
			list = append(list, fmt.Sprintf("%s is in the access log %d times", one.ID, len(lines)))
		case lines[0] != one.Status:
			list = append(list, fmt.Sprintf("%s has status %d in the access log, the client got %d", one.ID, lines[0], one.Status))
		}
	}
	if len(missing) > dropped {
		list = append(list, missing...)
	}
	return list
}
