package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// SourcePair says that the service was given one finished certificate for all nodes, and signs nothing.
const SourcePair = "pair"

// sources say where the authority comes from.
var sources = map[string]string{
	"made":     "The service made its authority.",
	"given":    "The service was given its authority.",
	SourcePair: "The service was given one certificate for all nodes, and signs none.",
}

// Certificates writes a table of authorities, nodes' certificates and those of SQL users that have not expired, below it how far a change
// of the authority is, and what expires soon. now is the scheduler's clock, program begins command lines. Errors are those of w.
func Certificates(w io.Writer, known wire.Certificates, now time.Time, program string) error {
	var out strings.Builder
	rows, hidden := certificateRows(known, now)
	if len(rows) > 0 {
		table(&out, "", []string{"what", "name", "serial", "signed by", "expires", "due", "state"}, rows)
	}
	paragraphs := [][]string{{}}
	if text := sources[known.Source]; text != "" && known.Secure {
		paragraphs[0] = append(paragraphs[0], text)
	}
	if hidden > 0 {
		paragraphs[0] = append(paragraphs[0], things(int64(hidden), "certificate")+" of SQL users expired and not shown (--json has them).")
	}
	if known.Change != "" {
		paragraphs = append(paragraphs, changeLines(known, program))
	}
	for _, lines := range append(paragraphs, CertificateWarnings(known, now, program)) {
		if len(lines) > 0 {
			if out.Len() > 0 {
				out.WriteString("\n")
			}
			out.WriteString(strings.Join(lines, "\n") + "\n")
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// certificateRows are the rows of the table, and how many certificates of users are left out because they expired.
func certificateRows(known wire.Certificates, now time.Time) (rows [][]string, hidden int) {
	for _, one := range known.Authorities {
		rows = append(rows, []string{"authority", one.Subject, short(one.ID), "", Until(one.NotAfter, now), "", authorityState(one)})
	}
	for _, one := range known.Nodes {
		rows = append(rows, []string{"node", one.Task, dash(short(one.Serial)), dash(short(one.Issuer)), untilOf(one.NotAfter, now), untilOf(one.Due, now), word(one.State)})
	}
	for _, one := range known.Clients {
		if !one.NotAfter.After(now) {
			hidden++
			continue
		}
		rows = append(rows, []string{"client", one.User, short(one.Serial), short(one.Issuer), Until(one.NotAfter, now), "", "issued " + Moment(one.Issued)})
	}
	return rows, hidden
}

func authorityState(one wire.Authority) string {
	var parts []string
	if one.Signs {
		parts = append(parts, "signs")
	}
	if one.Trusted {
		parts = append(parts, "trusted")
	} else {
		parts = append(parts, "not trusted")
	}
	if one.KeyKept {
		parts = append(parts, "key kept")
	}
	return strings.Join(parts, ", ")
}

// shortSerial is how many characters of serials and ids are shown: enough to tell them apart, all of them are in JSON.
const shortSerial = 8

func short(text string) string { return clean(text[:min(shortSerial, len(text))]) }

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func untilOf(t *time.Time, now time.Time) string {
	if t == nil {
		return "-"
	}
	return Until(*t, now)
}

// Until is a time that something expires, with how long that is from now, as far as a person wants to know it.
func Until(t, now time.Time) string {
	switch left := t.Sub(now); {
	case t.IsZero() || now.IsZero():
		return Moment(t)
	case left < 0:
		return fmt.Sprintf("%s (%s ago)", Moment(t), span(-left))
	default:
		return fmt.Sprintf("%s (in %s)", Moment(t), span(left))
	}
}

// span is a time in its largest unit, of which there are two at least.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return things(int64(d/day), "day")
	case d >= 2*time.Hour:
		return things(int64(d/time.Hour), "hour")
	case d >= 2*time.Minute:
		return things(int64(d/time.Minute), "minute")
	}
	return things(int64(d/time.Second), "second")
}
