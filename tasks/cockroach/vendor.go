package cockroach

import (
	"fmt"
	"time"
)

// removal is the day from which the vendor's site no longer offers a release line.
type removal struct {
	line string
	day  time.Time
}

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// removals is the vendor's published list of removal dates. Lines not listed had no date when the list was read (June 2026).
var removals = []removal{
	{"2.0", day(2024, time.January, 1)},
	{"2.1", day(2024, time.January, 1)},
	{"19.1", day(2024, time.January, 1)},
	{"19.2", day(2024, time.January, 1)},
	{"20.1", day(2025, time.May, 12)},
	{"20.2", day(2025, time.May, 12)},
	{"21.1", day(2025, time.May, 18)},
	{"21.2", day(2025, time.November, 16)},
	{"22.1", day(2026, time.May, 24)},
	{"22.2", day(2026, time.December, 5)},
	{"23.1", day(2027, time.May, 15)},
}

// Offer says whether the vendor's site has a release on a given day.
type Offer struct {
	// Available is false from the removal day on.
	Available bool
	// Until is the removal day, zero when none was announced.
	Until time.Time
}

// VendorOffer looks v's release line up for the day today. It answers from the announced dates, it asks nobody.
func VendorOffer(v Version, today time.Time) Offer {
	for _, r := range removals {
		if r.line == v.Line() {
			return Offer{Available: today.Before(r.day), Until: r.day}
		}
	}
	return Offer{Available: true}
}

// OfferWarning is one sentence for operators who download v from the vendor, or "" when there is nothing to say. It warns
// half a year before a line goes away, because a node replaced after that day cannot fetch its archive.
func OfferWarning(v Version, today time.Time) string {
	offer := VendorOffer(v, today)
	switch {
	case !offer.Available:
		return fmt.Sprintf("CockroachDB %s is no longer offered by its vendor (removed %s): put %s on a server of your own and set COCKROACH_URI, and COCKROACH_SHA256 to be sure of it.",
			v, offer.Until.Format(time.DateOnly), ArchiveName(v))
	case !offer.Until.IsZero() && offer.Until.Before(today.AddDate(0, 6, 0)):
		return fmt.Sprintf("CockroachDB %s will be removed from its vendor's site on %s: keep a copy of %s and set COCKROACH_URI to it before that day.",
			v, offer.Until.Format(time.DateOnly), ArchiveName(v))
	}
	return ""
}
