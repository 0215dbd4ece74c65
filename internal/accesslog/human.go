package accesslog

import (
	"strconv"
	"strings"
	"time"
)

// appendHuman adds a line for people:
//
//	[2026-11-24 03:00:00.123 +00:00  1.2ms  0.9ms] GET /ping → 200 plain 4B
//
// The first duration is the whole request, the second the worker's part, "-"
// when no worker ran it. What the server itself has to say of an answer
// follows in parentheses.
func appendHuman(b, stamp []byte, r *Record) []byte {
	b = append(b, '[')
	b = append(b, stamp[:zoneAt]...)
	b = append(b, ' ')
	b = append(b, stamp[zoneAt:]...)
	b = append(b, ' ')
	b = appendDuration(b, r.Total)
	b = append(b, ' ')
	if r.Worker == 0 || r.WorkerTime == 0 { // no worker had it, or none has told
		b = append(b, "     -"...)
	} else {
		b = appendDuration(b, r.WorkerTime)
	}
	b = append(b, "] "...)
	b = appendText(b, r.Method)
	b = append(b, ' ')
	b = appendText(b, r.Path)
	b = append(b, " → "...)
	b = strconv.AppendInt(b, int64(r.Status), 10)
	b = append(b, ' ')
	if r.Type == "" {
		b = append(b, '-')
	} else {
		b = appendText(b, r.Type[strings.IndexByte(r.Type, '/')+1:])
	}
	b = append(b, ' ')
	b = appendSize(b, r.Length)
	if r.Reason != "" {
		b = append(b, " ("...)
		b = appendSentence(b, r.Reason)
		b = append(b, ')')
	}
	return append(b, '\n')
}

// appendDroppedHuman adds the report that n lines were dropped.
func appendDroppedHuman(b, stamp []byte, n uint64) []byte {
	b = append(b, '[')
	b = append(b, stamp[:zoneAt]...)
	b = append(b, ' ')
	b = append(b, stamp[zoneAt:]...)
	b = append(b, "] "...)
	b = strconv.AppendUint(b, n, 10)
	return append(b, " lines of the access log were dropped here: its output did not keep up\n"...)
}

// appendSentence is appendText with the spaces left in.
func appendSentence(b []byte, s string) []byte {
	s, _ = shorten(s)
	for {
		word, rest, more := strings.Cut(s, " ")
		b = appendText(b, word)
		if !more {
			return b
		}
		b = append(b, ' ')
		s = rest
	}
}

// appendDuration adds d in six columns, with the unit in which it has two or
// three digits.
func appendDuration(b []byte, d time.Duration) []byte {
	d = max(d, 0)
	var text [24]byte
	t := text[:0]
	columns := 6
	switch {
	case d < 100*time.Microsecond:
		t = strconv.AppendInt(t, int64(d/time.Microsecond), 10)
		t = append(t, "µs"...)
		columns++ // µ is two bytes
	case d < 100*time.Millisecond:
		t = append(appendDecimal(t, int64(d/(100*time.Microsecond))), "ms"...)
	case d < time.Second:
		t = append(strconv.AppendInt(t, int64(d/time.Millisecond), 10), "ms"...)
	case d < 100*time.Second:
		t = append(appendDecimal(t, int64(d/(100*time.Millisecond))), 's')
	case d < 10000*time.Second:
		t = append(strconv.AppendInt(t, int64(d/time.Second), 10), 's')
	default:
		t = append(strconv.AppendInt(t, int64(d/time.Hour), 10), 'h')
	}
	for n := len(t); n < columns; n++ {
		b = append(b, ' ')
	}
	return append(b, t...)
}

// appendSize adds a number of bytes with a decimal unit: 4B, 1.5kB, 20.0MB.
func appendSize(b []byte, n int64) []byte {
	n = max(n, 0)
	if n < 1000 {
		return append(strconv.AppendInt(b, n, 10), 'B')
	}
	units := "kMGTPE"
	for n >= 1_000_000 && len(units) > 1 {
		n /= 1000
		units = units[1:]
	}
	return append(appendDecimal(b, n/100), units[0], 'B')
}
