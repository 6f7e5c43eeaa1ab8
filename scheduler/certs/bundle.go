package certs

import (
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Bundle is the ca.crt of these facts: the trusted authorities in PEM, the newest first, each certificate once. It is empty for a service
// that has none.
func Bundle(security core.Security) string {
	var text strings.Builder
	seen := map[string]bool{}
	for _, authority := range trusted(security) {
		// What cannot be read was refused where it came in.
		chain, _ := readCertificates(authority.PEM)
		for _, one := range chain {
			if block := certificatePEM(one); !seen[block] {
				seen[block] = true
				text.WriteString(block)
			}
		}
	}
	return text.String()
}

// trusted are the authorities of the ca.crt, in its order.
func trusted(security core.Security) []tasks.Authority {
	var list []tasks.Authority
	for _, id := range security.Trust {
		for _, authority := range security.Authorities {
			if authority.ID == id {
				list = append(list, authority)
				break
			}
		}
	}
	return list
}

// joined is a text of lines without an end of the last.
func joined(lines []string) string { return strings.Join(lines, "\n") }
