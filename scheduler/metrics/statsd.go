package metrics

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// StatsD is where and how often the metrics are pushed.
type StatsD struct {
	// Address is host:port.
	Address string
	// Every is the time between two pushes.
	Every time.Duration
	Log   *slog.Logger
	// Dial opens the way to an address; nil means a UDP socket.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Push sends the metrics of the Dropwizard JSON by UDP until the context ends, as the SDK does: under the same names, all of
// them as gauges. A counter is sent as its absolute count, so a packet that is lost loses nothing. Push gives nobody an
// error: one that lasts is logged once when it begins and once when it ends.
func (m *Metrics) Push(ctx context.Context, to StatsD) {
	if to.Dial == nil {
		to.Dial = (&net.Dialer{Timeout: to.Every}).DialContext
	}
	ticks := time.NewTicker(to.Every)
	defer ticks.Stop()
	last := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		problem := ""
		// The address is resolved each time: an agent's StatsD may move.
		if err := to.send(ctx, m.document().lines()); err != nil && ctx.Err() == nil {
			problem = err.Error()
		}
		switch {
		case problem != "" && last == "":
			to.Log.Warn("metrics cannot be pushed to StatsD", "address", to.Address, "error", problem)
		case problem == "" && last != "":
			to.Log.Info("metrics are pushed to StatsD again", "address", to.Address)
		}
		last = problem
	}
}

func (s StatsD) send(ctx context.Context, lines []string) error {
	conn, err := s.Dial(ctx, "udp", s.Address)
	if err != nil {
		return fmt.Errorf("open a socket: %w", err)
	}
	defer func() { _ = conn.Close() }()
	for _, packet := range packets(lines) {
		if _, err := conn.Write([]byte(packet)); err != nil {
			return fmt.Errorf("send: %w", err)
		}
	}
	return nil
}

// packetLimit is the largest UDP payload, in bytes, that passes an Ethernet with tunnels unbroken.
const packetLimit = 1432

// packets joins lines, which are much shorter than the limit, into packets.
func packets(lines []string) (list []string) {
	packet := ""
	for _, line := range lines {
		if packet != "" && len(packet)+1+len(line) > packetLimit {
			list = append(list, packet)
			packet = ""
		}
		if packet != "" {
			packet += "\n"
		}
		packet += line
	}
	if packet != "" {
		list = append(list, packet)
	}
	return list
}

// lines are the document in StatsD's form, sorted. What the SDK's reporter leaves out and we send: truths, as 1 and 0. What it
// sends and we do not: a timer's rates, which follow from its samples.
func (d document) lines() (list []string) {
	for _, name := range slices.Sorted(maps.Keys(d.Gauges)) {
		switch value := d.Gauges[name].Value.(type) {
		case float64:
			list = append(list, line(name, value))
		case bool:
			list = append(list, line(name, yes(value)[0].value))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.Counters)) {
		list = append(list, line(name, float64(d.Counters[name].Count)))
	}
	for _, name := range slices.Sorted(maps.Keys(d.Timers)) {
		timer := d.Timers[name]
		list = append(list, line(name+".samples", float64(timer.Count)))
		for _, value := range []struct {
			name    string
			seconds float64
		}{{"mean", timer.Mean}, {"p50", timer.P50}, {"p75", timer.P75}, {"p95", timer.P95}, {"p98", timer.P98}, {"p99", timer.P99},
			{"p999", timer.P999}} {
			// The SDK's reporter sends durations in milliseconds.
			list = append(list, line(name+"."+value.name, value.seconds*1000))
		}
	}
	return list
}

// separators are the characters that mean something in a line.
var separators = strings.NewReplacer(":", "_", "|", "_", "@", "_", "#", "_", "\n", "_", " ", "_")

// line is one gauge. A sign in front of a gauge means "change by", so a negative value is preceded by a zero in the same
// packet.
func line(name string, value float64) string {
	name = separators.Replace(name)
	text := name + ":" + strconv.FormatFloat(value, 'f', -1, 64) + "|g"
	if value < 0 {
		return name + ":0|g\n" + text
	}
	return text
}
