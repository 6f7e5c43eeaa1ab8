package metrics

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// prefix begins the name of every metric of ours in Prometheus, so that it cannot be taken for the database's.
const prefix = "cockroachdb_scheduler_"

// kind is what a value is.
type kind string

const (
	// counter only grows while the process lives.
	counter kind = "counter"
	// gauge is a value of now.
	gauge kind = "gauge"
	// truth is a gauge that Prometheus and StatsD show as 1 or 0, and Dropwizard as true or false.
	truth kind = "yes or no"
	// timer and histogram are measured, not read: see measured.go.
	timer     kind = "timer"
	histogram kind = "histogram"
)

// family is what metrics of one name have in common.
type family struct {
	// name is the SDK's way of naming: words with dots. Values of labels follow, each after a dot: declines.short.
	name string
	// prom is the name in Prometheus, without prefix and _total.
	prom string
	kind kind
	// labels are the names of the labels, in the order in which their values stand in the SDK's way of naming.
	labels []string
	// sdk says that the SDK has these metrics too.
	sdk bool
	// unnamed families are shown by Prometheus alone: their labels hold what cannot stand in a name.
	unnamed bool
	// help is a sentence for people, unit included.
	help string
	// read finds the values.
	read func(*facts) []sample
}

// sample is one value with the values of the labels.
type sample struct {
	labels []string
	value  float64
}

// promName is the family's name in Prometheus.
func (f family) promName() string {
	if f.kind == counter {
		return prefix + f.prom + "_total"
	}
	return prefix + f.prom
}

// valueType is how Prometheus sees the family.
func (f family) valueType() prometheus.ValueType {
	if f.kind == counter {
		return prometheus.CounterValue
	}
	return prometheus.GaugeValue
}

// dotted is a sample's name in the SDK's way.
func (f family) dotted(s sample) string {
	return strings.Join(append([]string{f.name}, s.labels...), ".")
}

// flat is the name that the SDK shows to Prometheus: dots become underscores, and so does everything else that may not stand
// in a name (https://prometheus.io/docs/concepts/data_model/).
func flat(dotted string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_':
			return r
		}
		return '_'
	}, dotted)
}

// one is a family's only value.
func one(value float64) []sample { return []sample{{value: value}} }

// yes is a truth as a number.
func yes(holds bool) []sample {
	if holds {
		return one(1)
	}
	return one(0)
}
