package accesslog

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// patience is how long Close waits where it must succeed: a busy machine may
// take its time.
const patience = time.Minute

func TestWriteDoesNotAllocate(t *testing.T) {
	for _, format := range []Format{Human, JSON} {
		l := New(io.Discard, "hello", format)
		l.grace = patience
		r := ping()
		l.Write(&r) // the first one writes the second of the clock
		if n := testing.AllocsPerRun(1000, func() { l.Write(&r) }); n != 0 {
			t.Errorf("%v: %v allocations", format, n)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestConcurrentLinesStayWhole(t *testing.T) {
	var out bytes.Buffer // only the flusher writes, and Close waits for it
	l := New(&out, "hello", JSON)
	l.grace = patience
	var writers sync.WaitGroup
	const each = 1000
	for n := range 8 {
		writers.Go(func() {
			for i := range each {
				r := ping()
				r.Path = "/" + strconv.Itoa(n*each+i)
				l.Write(&r)
			}
		})
	}
	writers.Wait()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(out.String()) {
		var got struct{ Path string }
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		if _, isReport := droppedIn(line); !isReport {
			seen[got.Path] = true
		}
	}
	if len(seen)+int(l.Dropped()) != 8*each {
		t.Errorf("%d lines and %d dropped, want %d", len(seen), l.Dropped(), 8*each)
	}
	r := ping()
	l.Write(&r) // after Close: nothing happens
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// writes counts the calls of Write.
type writes struct{ n atomic.Int64 }

func (w *writes) Write(b []byte) (int, error) {
	w.n.Add(1)
	return len(b), nil
}

func TestLinesAreBatchedUnderLoadAndPromptWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out writes
		l := New(&out, "hello", Human)
		r := ping()
		for range 20 { // idle: each line is out before the next one comes
			before := out.n.Load()
			l.Write(&r)
			synctest.Wait()
			if out.n.Load() != before+1 {
				t.Fatal("a line after a quiet time was not written at once")
			}
			time.Sleep(time.Second)
		}
		out.n.Store(0)
		for range 10000 { // 10,000 lines in a second
			l.Write(&r)
			time.Sleep(100 * time.Microsecond)
		}
		if n := out.n.Load(); n > 101 {
			t.Errorf("%d writes for 10,000 lines in one second, want at most 101", n)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestStuckOutput(t *testing.T) {
	for _, format := range []Format{Human, JSON} {
		in, out, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		l := New(out, "hello", format)
		written := uint64(0)
		for l.Dropped() < 1000 { // nobody reads, and yet this loop ends
			r := ping()
			r.Path = "/" + strconv.FormatUint(written, 10)
			l.Write(&r)
			written++
		}
		l.grace = patience
		var lines, reports, reported uint64
		read := make(chan struct{})
		go func() {
			defer close(read)
			for text := bufio.NewScanner(in); text.Scan(); {
				switch n, isReport := droppedIn(text.Text()); {
				case isReport:
					reports++
					reported += n
				default:
					lines++
				}
			}
		}()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		out.Close()
		<-read
		in.Close()
		if dropped := l.Dropped(); lines+dropped != written || reported != dropped || reports == 0 {
			t.Errorf("%v: wrote %d: %d arrived, %d dropped, %d reported in %d lines", format, written, lines, dropped, reported, reports)
		}
	}
}

// droppedIn returns the number in a report of dropped lines.
func droppedIn(line string) (uint64, bool) {
	if strings.HasPrefix(line, "{") {
		var report struct{ Dropped uint64 }
		json.Unmarshal([]byte(line), &report)
		return report.Dropped, report.Dropped > 0
	}
	_, rest, _ := strings.Cut(line, "] ")
	number, _, found := strings.Cut(rest, " lines of the access log were dropped")
	n, err := strconv.ParseUint(number, 10, 64)
	return n, found && err == nil
}

func TestCloseDoesNotWaitForAStuckOutput(t *testing.T) {
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer out.Close()
	l := New(out, "hello", Human)
	for l.Dropped() == 0 {
		r := ping()
		l.Write(&r)
	}
	if err := l.Close(); !errors.Is(err, ErrStuck) {
		t.Errorf("got %v", err)
	}
}

// faulty takes a few bytes at a time and fails every other call.
type faulty struct {
	bytes.Buffer
	calls int
}

func (w *faulty) Write(b []byte) (int, error) {
	if w.calls++; w.calls%2 == 0 {
		return 0, errors.New("no space left on device")
	}
	return w.Buffer.Write(b[:min(len(b), 7)])
}

func TestWriteErrorsAreRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out faulty
		l := New(&out, "hello", Human)
		r := ping()
		for range 3 {
			l.Write(&r)
		}
		time.Sleep(time.Minute)
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		if got, want := out.String(), strings.Repeat(human(r), 3); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	})
}

func TestCloseCountsWhatAFailingOutputDidNotTake(t *testing.T) {
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	in.Close() // every write fails with EPIPE
	defer out.Close()
	l := New(out, "hello", Human)
	for range 5 {
		r := ping()
		l.Write(&r)
	}
	if err := l.Close(); !errors.Is(err, ErrStuck) || l.Dropped() != 5 {
		t.Errorf("got %v and %d dropped, want 5", err, l.Dropped())
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, format := range []Format{Human, JSON} {
		b.Run(format.String(), func(b *testing.B) {
			l := New(io.Discard, "hello", format)
			defer l.Close()
			r := ping()
			b.ReportAllocs()
			for b.Loop() {
				r.Time = r.Time.Add(17 * time.Microsecond)
				l.Write(&r)
			}
			b.ReportMetric(float64(l.Dropped())/float64(b.N), "dropped/op")
		})
	}
}
