package driver

import "encoding/json"

// LogLine is a line of the JSON log: what a worker printed, or a request.
type LogLine struct {
	Output, ID string
	Worker     int
}

// ParseLine returns the zero LogLine for what is no JSON.
func ParseLine(text string) (l LogLine) {
	if json.Unmarshal([]byte(text), &l) != nil {
		return LogLine{}
	}
	return l
}

// LastLine returns the last line of the server's log that holds a text.
func (s *Server) LastLine(text string) LogLine {
	lines := s.LogLines(text)
	if len(lines) == 0 {
		return LogLine{}
	}
	return ParseLine(lines[len(lines)-1])
}
