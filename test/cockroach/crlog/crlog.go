package crlog

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Handler writes records to Out. It is safe for several goroutines.
type Handler struct {
	mu   *sync.Mutex
	out  io.Writer
	with string
}

// New makes a handler that writes to out.
func New(out io.Writer) *Handler { return &Handler{mu: &sync.Mutex{}, out: out} }

// Enabled lets everything from INFO on through.
func (h *Handler) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelInfo }

// Handle writes one line.
func (h *Handler) Handle(_ context.Context, r slog.Record) error {
	letter := "I"
	switch {
	case r.Level >= slog.LevelError:
		letter = "E"
	case r.Level >= slog.LevelWarn:
		letter = "W"
	}
	place := "stand-in"
	if r.PC != 0 {
		f, _ := runtime.CallersFrames([]uintptr{r.PC}).Next()
		place = fmt.Sprintf("%s/%s:%d", filepath.Base(filepath.Dir(f.File)), filepath.Base(f.File), f.Line)
	}
	var attrs strings.Builder
	attrs.WriteString(h.with)
	r.Attrs(func(a slog.Attr) bool {
		fmt.Fprintf(&attrs, " %s=%v", a.Key, a.Value)
		return true
	})
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := fmt.Fprintf(h.out, "%s%s 1 %s  %s%s\n", letter, r.Time.UTC().Format("060102 15:04:05.000000"), place, r.Message, attrs.String())
	return err
}

// WithAttrs gives a handler that adds attrs to each line.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	c := *h
	for _, a := range attrs {
		c.with += fmt.Sprintf(" %s=%v", a.Key, a.Value)
	}
	return &c
}

// WithGroup is not needed by this program; groups are left out of the lines.
func (h *Handler) WithGroup(string) slog.Handler { return h }
