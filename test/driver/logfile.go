package driver

import (
	"os"
	"regexp"
	"strings"
)

// address is a URL as the server prints it for the port it listens on.
var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// logFile is what a server prints. A file takes everything at once, so a slow
// test cannot change what the server does.
type logFile struct {
	file *os.File
	// The beginning, with the address, is not there any more.
	forgotten bool
	start     int64 // of what this server has printed: an earlier one may have used the file too
}

func newLogFile(path string) (*logFile, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return &logFile{file: f, start: info.Size()}, nil
}

// lines returns the whole lines so far.
func (l *logFile) lines() []string {
	text, err := os.ReadFile(l.file.Name())
	if err != nil || int64(len(text)) < l.start {
		return nil
	}
	lines := strings.Split(string(text[l.start:]), "\n")
	return lines[:len(lines)-1]
}

func (l *logFile) matching(substring string) []string {
	var found []string
	for _, line := range l.lines() {
		if strings.Contains(line, substring) {
			found = append(found, line)
		}
	}
	return found
}

// LogLines returns the lines of the server's log so far that hold a text.
func (s *Server) LogLines(substring string) []string { return s.log.matching(substring) }
