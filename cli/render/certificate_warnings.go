package render

import (
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// authorityNotice is how long before its end an authority is spoken of: what it signs cannot outlive it, and a change takes clients'
// doing.
const authorityNotice = 180 * 24 * time.Hour

// forgotten is how long after its end the certificate of a SQL user is spoken of: by then nobody wants it any more.
const forgotten = 30 * 24 * time.Hour

// CertificateWarnings says what expires soon or has, and what to do about it.
func CertificateWarnings(known wire.Certificates, now time.Time, program string) []string {
	var list []string
	warn := func(format string, args ...any) { list = append(list, "Warning: "+fmt.Sprintf(format, args...)) }
	remedy := "Change it: " + program + " certs rotate --authority"
	if known.Source != "made" {
		remedy = "Give the service another one (docs/secure-cluster.md)."
	}
	for _, one := range known.Authorities {
		switch left := one.NotAfter.Sub(now); {
		case !one.Trusted && !one.Signs:
		case left <= 0:
			warn("the authority %s (%s) expired %s, and nothing it signed is believed. %s", short(one.ID), clean(one.Subject), Moment(one.NotAfter), remedy)
		case one.Signs && left < authorityNotice:
			warn("the authority %s (%s) expires %s, and nothing it signs is good for longer. Clients have to be done with the change by then. %s", short(one.ID), clean(one.Subject), Until(one.NotAfter, now), remedy)
		}
	}
	for _, one := range known.Nodes {
		switch {
		case one.NotAfter == nil:
		case !one.NotAfter.After(now):
			warn("the certificate of %s expired %s: nobody can connect to it. See what it waits for: %s why", word(one.Task), Moment(*one.NotAfter), program)
		case one.Due != nil && one.NotAfter.Sub(now) < one.NotAfter.Sub(*one.Due)/2:
			// Half of the time in which it should have been renewed is over.
			warn("the certificate of %s expires %s and should have been renewed by now. See what it waits for: %s why", word(one.Task), Until(*one.NotAfter, now), program)
		}
	}
	for _, one := range latestClients(known.Clients) {
		again := fmt.Sprintf("Make another one: %s certs client %s --out <folder> --force", program, word(one.User))
		switch left := one.NotAfter.Sub(now); {
		case left < -forgotten:
		case left <= 0:
			warn("the certificate of the SQL user %s expired %s. %s", word(one.User), Moment(one.NotAfter), again)
		case !trusted(known.Authorities, one.Issuer):
			warn("the certificate of the SQL user %s is of an authority that is not trusted any more. %s", word(one.User), again)
		case left < one.NotAfter.Sub(one.Issued)/3:
			warn("the certificate of the SQL user %s expires %s. %s", word(one.User), Until(one.NotAfter, now), again)
		}
	}
	return list
}

// latestClients is the last certificate of each SQL user, in the order of the list.
func latestClients(clients []wire.ClientCertificate) []wire.ClientCertificate {
	latest := map[string]wire.ClientCertificate{}
	var users []string
	for _, one := range clients {
		before, known := latest[one.User]
		if !known {
			users = append(users, one.User)
		}
		if !known || one.Issued.After(before.Issued) {
			latest[one.User] = one
		}
	}
	var list []wire.ClientCertificate
	for _, user := range users {
		list = append(list, latest[user])
	}
	return list
}

func trusted(authorities []wire.Authority, id string) bool {
	for _, one := range authorities {
		if one.ID == id {
			return one.Trusted
		}
	}
	return false
}
