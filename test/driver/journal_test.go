package driver

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// journalOf writes lines to a file and reads them back.
func journalOf(t *testing.T, lines ...string) *Journal {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := readJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// A judge that sees nothing would make every scenario pass.
func TestTheJournalSpeaks(t *testing.T) {
	good := Outcome{ID: "load0-1", Status: 200}
	for _, test := range []struct {
		name    string
		lines   []string
		outcome Outcome
		want    string // "" = no contradiction
	}{
		{"right", []string{"start load0-1 7", "done load0-1 7"}, good, ""},
		{"died", []string{"start load0-1 7"}, Outcome{ID: "load0-1", Status: 502}, ""},
		{"twice", []string{"start load0-1 7", "start load0-1 8", "done load0-1 8"}, good, "started 2 times"},
		{"twice, failed", []string{"start load0-1 7", "start load0-1 8"}, Outcome{ID: "load0-1", Status: 502}, "started 2 times"},
		{"from nowhere", []string{"start load1-1 7"}, good, "started 0 times"},
		{"unfinished", []string{"start load0-1 7"}, good, "finished 0 times"},
		{"unanswered but run", []string{"start load0-1 7"}, Outcome{ID: "load0-1", Unanswered: true}, "ran, but"},
		{"never sent", []string{"start load0-1 7", "done load0-1 7", "start load0-2 7"}, good, "never sent"},
	} {
		got := strings.Join(journalOf(t, test.lines...).contradictions(&Outcomes{[]Outcome{test.outcome}, "load0-"}), "; ")
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	if got := journalOf(t, "start a 7", "start b 8", "done a 7", "done b 8", "start c 8").overlaps(); got != nil {
		t.Errorf("got %v", got)
	}
	if got := journalOf(t, "start a 7", "start b 7", "done a 7").overlaps(); len(got) != 1 {
		t.Errorf("two requests at a time on one process: got %v", got)
	}
}

func TestTheAccessLogSpeaks(t *testing.T) {
	line := `{"path":"/load/load0-1","status":200}`
	for _, test := range []struct {
		name   string
		text   []string
		status int
		want   string
	}{
		{"right", []string{"noise", line, `{"path":"/load/load1-1","status":502}`}, 200, ""},
		{"missing", nil, 200, "not in the access log"},
		{"dropped", []string{`{"dropped":1}`}, 200, ""},
		{"twice", []string{line, line}, 200, "2 times"},
		{"another status", []string{line}, 502, "the client got 502"},
		{"no answer", nil, 0, ""},
	} {
		l, err := newLogFile(filepath.Join(t.TempDir(), "log"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.file.WriteString(strings.Join(test.text, "\n") + "\n"); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(l.disagreements(&Outcomes{[]Outcome{{ID: "load0-1", Status: test.status}}, "load0-"}), "; ")
		l.file.Close()
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestAllowances(t *testing.T) {
	o := &Outcomes{All: []Outcome{
		{ID: "a", Status: 200},
		{ID: "b", Status: 502}, {ID: "c", Status: 502},
		{ID: "d", Err: errors.New("reset")},
		{ID: "e", Status: 200, Err: errors.New("other bytes")},
		{ID: "f", Unanswered: true},
	}}
	for _, test := range []struct {
		allowed map[int]int
		want    string
	}{
		{nil, "b: status 502; c: status 502; d: reset; e: other bytes"},
		{map[int]int{502: 1}, "c: status 502; d: reset; e: other bytes"},
		{map[int]int{502: 9, 0: 9, 200: 9}, "e: other bytes"},
	} {
		if got := strings.Join(o.failures(test.allowed), "; "); got != test.want {
			t.Errorf("%v: got %q, want %q", test.allowed, got, test.want)
		}
	}
}
