package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Stages of a change of the authority.
const (
	StageTrust   = "trust"
	StageReissue = "reissue"
	StageDrop    = "drop"
)

// stages say what a stage asks of the nodes.
var stages = map[string]string{
	StageTrust:   "all nodes come to trust the new authority beside the old one",
	StageReissue: "all nodes get certificates of the new authority",
	StageDrop:    "all nodes stop trusting the old authority",
}

// changeLines say how far a change of the authority is.
func changeLines(known wire.Certificates, program string) []string {
	lines := []string{"Change of the authority, stage " + word(known.Change)}
	if text := stages[known.Change]; text != "" {
		lines[0] += ": " + text
	}
	lines[0] += "."
	switch {
	case known.Waiting == "": // nobody is waited for
	case known.Change != StageDrop && NodesBehind(known) == 0:
		lines = append(lines, AfterStage(known, program)...)
	default:
		lines = append(lines, "It waits: "+strings.TrimSuffix(clean(known.Waiting), ".")+".")
	}
	return lines
}

// AfterStage says what clients have to do once all nodes have what the stage of a change asks for, and how it goes on.
func AfterStage(known wire.Certificates, program string) []string {
	proceed := "Then: " + program + " certs rotate --proceed"
	switch known.Change {
	case StageTrust:
		return []string{
			"All nodes trust both authorities. Before the next stage every client has to trust the new one too:",
			"  give each the file that this writes, as ca.crt or sslrootcert: " + program + " certs show-ca --out ca.crt",
			"It holds both authorities, so nothing else changes for them. " + proceed,
		}
	case StageReissue:
		lines := []string{
			"All nodes have certificates of the new authority. Before the old one is dropped every client certificate has to be made anew:",
			"  " + program + " certs client <user> --out <folder> --force",
		}
		if users := formerUsers(known); len(users) > 0 {
			lines = append(lines, "SQL users whose last certificate is of another authority: "+strings.Join(users, ", ")+".")
		}
		return append(lines, "Clients that log in with passwords need nothing. "+proceed)
	}
	return []string{"All nodes have what the stage " + word(known.Change) + " asks for."}
}

// formerUsers are the SQL users whose last certificate comes from an authority that signs no more.
func formerUsers(known wire.Certificates) []string {
	var users []string
	for _, one := range latestClients(known.Clients) {
		if one.Issuer != signer(known) {
			users = append(users, word(one.User))
		}
	}
	slices.Sort(users)
	return users
}

// signer is the id of the authority that signs, "" without one.
func signer(known wire.Certificates) string {
	for _, one := range known.Authorities {
		if one.Signs {
			return one.ID
		}
	}
	return ""
}

// NodesBehind counts the nodes that do not serve yet what every node should: a certificate of the authority that signs, with trust in
// just the authorities that are trusted.
func NodesBehind(known wire.Certificates) int {
	var want []string
	for _, one := range known.Authorities {
		if one.Trusted {
			want = append(want, one.ID)
		}
	}
	slices.Sort(want)
	behind := 0
	for _, one := range known.Nodes {
		if one.State != "served" || one.Issuer != signer(known) || !slices.Equal(slices.Sorted(slices.Values(one.Trust)), want) {
			behind++
		}
	}
	return behind
}

// StepsDone counts the steps of a plan that are complete, and all.
func StepsDone(plan wire.Plan) (done, all int) {
	for _, phase := range plan.Phases {
		for _, step := range phase.Steps {
			all++
			if step.Status == wire.StatusComplete {
				done++
			}
		}
	}
	return done, all
}

// RotationParts says how far a rotation is, in parts that stand one after the other, the first ones being those to keep where there is
// little room.
func RotationParts(plan wire.Plan, known wire.Certificates) []string {
	done, all := StepsDone(plan)
	first := fmt.Sprintf("%d of %s done", done, things(int64(all), "step"))
	if known.Change != "" {
		first = "stage " + word(known.Change) + ", " + first
	}
	parts := []string{first}
	for _, phase := range plan.Phases {
		for _, step := range phase.Steps {
			if step.Status != wire.StatusComplete {
				return append(parts, clean(strings.Join(append([]string{word(step.Name) + " is next"}, why(step)...), ": ")))
			}
		}
	}
	return parts
}
