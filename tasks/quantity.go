package tasks

import (
	"math"
	"strconv"
	"strings"
)

// Milli is a scalar amount in thousandths of its unit: CPUs in thousandths of a core, memory and disk in thousandths
// of a MiB. Mesos itself rounds scalars to three decimals (https://mesos.apache.org/documentation/latest/attributes-resources/),
// so sums and differences in Milli agree with the master's and never drift as floating point does.
type Milli int64

// MilliOf turns a scalar as Mesos sends it into thousandths, rounding to the nearest.
func MilliOf(value float64) Milli { return Milli(math.Round(value * 1000)) }

// Whole turns a whole number of units into thousandths.
func Whole(units int64) Milli { return Milli(units * 1000) }

// Float is the amount as Mesos wants it.
func (m Milli) Float() float64 { return float64(m) / 1000 }

// String prints the amount without needless zeros: 1, 0.5, 3000.
func (m Milli) String() string {
	text := strconv.FormatFloat(m.Float(), 'f', 3, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
