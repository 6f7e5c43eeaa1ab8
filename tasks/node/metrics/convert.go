package metrics

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	dto "github.com/prometheus/client_model/go"
)

// quantiles of a histogram that are sent.
var quantiles = []float64{0.5, 0.9, 0.99}

// converter turns the pages of one node into StatsD lines. It remembers the last bucket counts of each histogram.
type converter struct {
	// own are the tags added to each line.
	own  []tag
	last map[string]buckets
}

func newConverter(own ...tag) *converter { return &converter{own: own, last: map[string]buckets{}} }

// lines converts one page, in the order of the metrics' names so that packets look alike from reading to reading.
func (c *converter) lines(families map[string]*dto.MetricFamily) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(families)) {
		family := families[name]
		for _, m := range family.GetMetric() {
			tags := c.tags(m)
			switch family.GetType() {
			case dto.MetricType_COUNTER:
				out = append(out, gauge(name, m.GetCounter().GetValue(), tags)...)
			case dto.MetricType_GAUGE:
				out = append(out, gauge(name, m.GetGauge().GetValue(), tags)...)
			case dto.MetricType_HISTOGRAM:
				out = append(out, c.histogram(name, m.GetHistogram(), tags)...)
			case dto.MetricType_SUMMARY:
				out = append(out, summary(name, m.GetSummary(), tags)...)
			default:
				out = append(out, gauge(name, m.GetUntyped().GetValue(), tags)...)
			}
		}
	}
	return out
}

// tags are the metric's labels and, where no label has the name, our own.
func (c *converter) tags(m *dto.Metric) []tag {
	var out []tag
	for _, l := range m.GetLabel() {
		out = append(out, tag{l.GetName(), l.GetValue()})
	}
	for _, t := range c.own {
		if !slices.ContainsFunc(out, func(have tag) bool { return have.name == t.name }) {
			out = append(out, t)
		}
	}
	return out
}

func (c *converter) histogram(name string, h *dto.Histogram, tags []tag) []string {
	out := slices.Concat(gauge(name+"_count", float64(h.GetSampleCount()), tags), gauge(name+"_sum", h.GetSampleSum(), tags))
	now := bucketsOf(h)
	key := seriesKey(name, tags)
	before, known := c.last[key]
	c.last[key] = now
	if !known {
		return out // everything since the node's start is not "of late"
	}
	recent := now.since(before)
	for _, q := range quantiles {
		if value, ok := recent.quantile(q); ok {
			out = append(out, gauge(name, value, withQuantile(tags, q))...)
		}
	}
	return out
}

func summary(name string, s *dto.Summary, tags []tag) []string {
	out := slices.Concat(gauge(name+"_count", float64(s.GetSampleCount()), tags), gauge(name+"_sum", s.GetSampleSum(), tags))
	for _, q := range s.GetQuantile() {
		out = append(out, gauge(name, q.GetValue(), withQuantile(tags, q.GetQuantile()))...)
	}
	return out
}

func withQuantile(tags []tag, q float64) []tag {
	return append(slices.Clone(tags), tag{"quantile", strconv.FormatFloat(q, 'f', -1, 64)})
}

func seriesKey(name string, tags []tag) string {
	var b strings.Builder
	b.WriteString(name)
	for _, t := range tags {
		b.WriteString("\x00" + t.name + "\x00" + t.value)
	}
	return b.String()
}
