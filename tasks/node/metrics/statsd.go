package metrics

import (
	"math"
	"strconv"
	"strings"
)

// packetLimit is the largest UDP payload, in bytes, that passes an Ethernet with tunnels unbroken.
const packetLimit = 1432

// tag is a label of a metric.
type tag struct{ name, value string }

// gauge is one StatsD gauge in the dogstatsd form name:value|g|#tag:value,… A negative value gives two lines in
// one string, which must stay in one packet, see doc.go; a value that is no number gives none.
func gauge(name string, value float64, tags []tag) []string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return nil
	}
	texts := make([]string, len(tags))
	for i, t := range tags {
		texts[i] = clean(t.name) + ":" + clean(t.value)
	}
	tail := "|g"
	if len(texts) > 0 {
		tail += "|#" + strings.Join(texts, ",")
	}
	head := Prefix + clean(name) + ":"
	line := head + strconv.FormatFloat(value+0, 'f', -1, 64) + tail // +0 makes a negative zero a zero
	if value < 0 {
		return []string{head + "0" + tail + "\n" + line}
	}
	return []string{line}
}

// separators are the characters that mean something in a StatsD line; a colon is fine behind the first.
var separators = strings.NewReplacer("|", "_", "#", "_", ",", "_", "\n", "_", "\r", "_", " ", "_", "@", "_")

func clean(text string) string { return separators.Replace(text) }

// packets joins lines into packets of at most packetLimit bytes. Lines that alone are too long are left out and counted.
func packets(lines []string) (out []string, tooLong int) {
	var b strings.Builder
	for _, line := range lines {
		if len(line) > packetLimit {
			tooLong++
			continue
		}
		if b.Len() > 0 && b.Len()+1+len(line) > packetLimit {
			out = append(out, b.String())
			b.Reset()
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out, tooLong
}
