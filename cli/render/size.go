package render

import (
	"time"

	"github.com/dustin/go-humanize"
)

// Size shows a number of bytes with the unit that fits: "2.1 GB", of powers of 1000.
func Size(bytes int64) string { return humanize.Bytes(uint64(max(bytes, 0))) }

// Count shows a number with a comma at each thousand: "1,234,567".
func Count(n int64) string { return humanize.Comma(n) }

// Rate shows bytes a second: "26 MB/s".
func Rate(bytesPerSecond float64) string { return Size(int64(bytesPerSecond)) + "/s" }

// duration shows how long something took or takes, to the second; below one second "under 1s".
func duration(d time.Duration) string {
	if d < time.Second {
		return "under 1s"
	}
	return d.Truncate(time.Second).String()
}

// things counts with the right form of a noun: "1 row", "2,000 rows".
func things(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Count(n) + " " + noun + "s"
}
