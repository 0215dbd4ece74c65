package accesslog

import (
	"testing"
	"time"
)

var when = time.Date(2026, 11, 24, 3, 0, 0, 123e6, time.UTC)

func ping() Record {
	return Record{
		Time: when, Total: 1200 * time.Microsecond, WorkerTime: 900 * time.Microsecond,
		Queue: 40 * time.Microsecond, CPU: 55 * time.Microsecond,
		Method: "GET", Path: "/ping", Status: 200, Type: "text/plain", Length: 4,
		ID: "7f3a", Worker: 3, Client: "127.0.0.1",
	}
}

func human(r Record) string {
	var c clock
	return string(appendHuman(nil, c.stamp(r.Time, ' '), &r))
}

func TestHuman(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Record)
		want   string
	}{
		{"as documented", func(r *Record) {},
			"[2026-11-24 03:00:00.123 +00:00  1.2ms  0.9ms] GET /ping → 200 plain 4B\n"},
		{"another zone", func(r *Record) { r.Time = when.In(time.FixedZone("", -(3*3600 + 1800))) },
			"[2026-11-23 23:30:00.123 -03:30  1.2ms  0.9ms] GET /ping → 200 plain 4B\n"},
		{"answered by the entry", func(r *Record) { r.Worker, r.WorkerTime, r.Total = 0, 0, 17*time.Microsecond },
			"[2026-11-24 03:00:00.123 +00:00   17µs      -] GET /ping → 200 plain 4B\n"},
		{"a reason", func(r *Record) { r.Status, r.Reason = 502, "the worker died\n[forged]" },
			`[2026-11-24 03:00:00.123 +00:00  1.2ms  0.9ms] GET /ping → 502 plain 4B (the worker died\x0a[forged])` + "\n"},
		{"no type, no body", func(r *Record) { r.Status, r.Type, r.Length = 204, "", 0 },
			"[2026-11-24 03:00:00.123 +00:00  1.2ms  0.9ms] GET /ping → 204 - 0B\n"},
		{"a forged line", func(r *Record) { r.Path = "/x → 200 \"plain\"\r\n[2026" },
			`[2026-11-24 03:00:00.123 +00:00  1.2ms  0.9ms] GET /x\x20→\x20200\x20\x22plain\x22\x0d\x0a[2026 → 200 plain 4B` + "\n"},
		{"terminal controls", func(r *Record) { r.Path = "/\x1b[2J\u202e\u009b\xff/ü" },
			`[2026-11-24 03:00:00.123 +00:00  1.2ms  0.9ms] GET /\x1b[2J\xe2\x80\xae\xc2\x9b\xff/ü → 200 plain 4B` + "\n"},
	} {
		r := ping()
		test.change(&r)
		if got := human(r); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestDuration(t *testing.T) {
	for _, test := range []struct {
		d    time.Duration
		want string
	}{
		{-1, "   0µs"},
		{0, "   0µs"},
		{99999, "  99µs"},
		{100 * time.Microsecond, " 0.1ms"},
		{99999 * time.Microsecond, "99.9ms"},
		{100 * time.Millisecond, " 100ms"},
		{time.Second, "  1.0s"},
		{99999 * time.Millisecond, " 99.9s"},
		{100 * time.Second, "  100s"},
		{10000 * time.Second, "    2h"},
	} {
		if got := string(appendDuration(nil, test.d)); got != test.want {
			t.Errorf("%v: got %q, want %q", test.d, got, test.want)
		}
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{
		-1: "0B", 0: "0B", 999: "999B", 1000: "1.0kB", 1590: "1.5kB", 999999: "999.9kB",
		1000000: "1.0MB", 123456789: "123.4MB", 1 << 62: "4.6EB",
	} {
		if got := string(appendSize(nil, n)); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}
