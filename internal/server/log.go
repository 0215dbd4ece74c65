package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// stamp is how times look in logs for people.
const stamp = "2006-01-02 15:04:05.000 -07:00"

// newLogger returns the lifecycle log of an app: a line per event, for people
// or as JSON with the keys t, level, app and event first.
func newLogger(w io.Writer, app string, asJSON bool) *slog.Logger {
	if asJSON {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: jsonKeys})).With("app", app)
	}
	return slog.New(&lineHandler{w: w, app: app})
}

func jsonKeys(groups []string, a slog.Attr) slog.Attr {
	if len(groups) > 0 {
		return a
	}
	switch a.Key {
	case slog.TimeKey:
		a.Key = "t"
	case slog.MessageKey:
		a.Key = "event"
	}
	if a.Value.Kind() == slog.KindDuration {
		return slog.Float64(a.Key+"Seconds", a.Value.Duration().Seconds())
	}
	return a
}

// lineHandler writes `[time] app: message  key=value key=value`.
type lineHandler struct {
	w     io.Writer
	app   string
	attrs string
}

func (h *lineHandler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo
}

func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	n := *h
	for _, a := range attrs {
		n.attrs += text(a)
	}
	return &n
}

func (h *lineHandler) WithGroup(string) slog.Handler { return h }

func (h *lineHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	fmt.Fprintf(&b, "[%s] %s: ", r.Time.Format(stamp), h.app)
	if r.Level >= slog.LevelWarn {
		b.WriteString(strings.ToLower(r.Level.String()) + ": ")
	}
	b.WriteString(r.Message)
	b.WriteString(h.attrs)
	var block string
	r.Attrs(func(a slog.Attr) bool {
		// Several lines, as a compiler or a crash prints them, come below as they are.
		if s := a.Value.Resolve().String(); strings.Contains(s, "\n") {
			block += indent(s)
			return true
		}
		b.WriteString(text(a))
		return true
	})
	b.WriteString("\n" + block)
	_, err := io.WriteString(h.w, b.String())
	return err
}

func text(a slog.Attr) string {
	value := a.Value.Resolve().String()
	if strings.ContainsAny(value, " \"=") || value == "" || !printable(value) {
		value = strconv.Quote(value)
	}
	return "  " + a.Key + "=" + value
}

func printable(s string) bool {
	for _, r := range s {
		if !strconv.IsPrint(r) {
			return false
		}
	}
	return true
}

func indent(s string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(s, "\n")) {
		b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
	}
	return b.String()
}

// outputLine returns what a worker printed as a line of the log, tagged with
// app, worker and, while it ran one, request.
func outputLine(app string, asJSON bool, worker int, label string, line []byte) []byte {
	now := time.Now()
	if asJSON {
		b, err := json.Marshal(struct {
			T      time.Time `json:"t"`
			App    string    `json:"app"`
			Worker int       `json:"worker"`
			ID     string    `json:"id,omitempty"`
			Output string    `json:"output"`
		}{now, app, worker, label, string(line)})
		if err != nil {
			return nil // strings and numbers always marshal
		}
		return append(b, '\n')
	}
	b := now.AppendFormat([]byte("["), stamp)
	b = fmt.Appendf(b, "] %s worker %d", app, worker)
	if label != "" {
		b = append(b, " "+label...)
	}
	b = append(b, " | "...)
	b = append(b, line...)
	return append(b, '\n')
}
