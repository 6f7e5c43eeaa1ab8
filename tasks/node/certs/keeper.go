package certs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Keeper looks every few seconds at what the node of this task shows to new connections, tells the scheduler, and renews when the
// scheduler says so. While the scheduler is away nothing happens. One goroutine runs it.
type Keeper struct {
	Desk Desk
	// Place is where the database reads its certificates.
	Place *Place
	// SQL and HTTP are host:port of the database's ports, from within the container.
	SQL, HTTP string
	// Hangup has the database read its folder again.
	Hangup func() error
	// Trouble is the last word of the database's log about certificates that it could not read; empty when there is none.
	Trouble func() string
	// Roots follow the authorities.
	Roots *Roots

	pace            pace
	present, former *Issued
	// pending are the keys of a renewal that was asked for and not answered.
	pending *Keys
	// unwritten is what was given and could not be written yet.
	unwritten *Issued
	// settled is what was found when present was in force, nil until then.
	settled *finding
	// up says that the database was seen to serve. Nothing is told or renewed before, so that no SIGHUP is sent to a process that does
	// not wait for it yet: it would end.
	up bool
	// served is what was last said to be served; hung is when SIGHUP was sent last.
	served string
	hung   time.Time

	// port is about seeing, use about what is seen, word about telling it, news about renewing.
	port, use, word, news trouble
}

// Run goes on until ctx ends. Present is what the database was started with.
func (k *Keeper) Run(ctx context.Context, present *Issued) {
	k.present = present
	k.pace = k.Desk.paces()
	for _, t := range []*trouble{&k.port, &k.use, &k.word, &k.news} {
		*t = trouble{say: k.Desk.Say, now: k.Desk.Now, every: sayAgain}
	}
	for {
		pause := k.turn(ctx)
		if !sleep(ctx, pause) {
			return
		}
	}
}

// turn is one look and what follows from it; it gives the time until the next.
func (k *Keeper) turn(ctx context.Context) time.Duration {
	if k.unwritten != nil {
		k.install(ctx, k.unwritten)
	}
	found, err := k.look(ctx)
	if err != nil {
		if k.up && ctx.Err() == nil { // else it opens its store, or waits for its cluster
			k.port.about("cannot see which certificate the database serves: %v", err)
		}
		return k.pace.every
	}
	k.port.over("the database shows its certificate again")
	k.up = true
	if found.problem != nil {
		k.again(&found)
	} else {
		k.use.over("what was given is in force")
	}
	answer, err := k.Desk.tell(ctx, found, k.present)
	var refused *answered
	switch {
	case ctx.Err() != nil:
		return k.pace.every
	case errors.As(err, &refused) && refused.status == http.StatusConflict: // the record knows another certificate
		return k.renew(ctx)
	case err != nil:
		k.word.about("cannot tell the scheduler at %s which certificate is served, trying on: %v", k.Desk.URL, err)
		return k.pace.every
	}
	k.word.over("the scheduler knows again which certificate is served")
	if found.problem == nil && k.served != k.present.String() {
		k.served = k.present.String()
		k.Desk.Say("new connections get the certificate %s", k.served)
	}
	if answer.Renew {
		return k.renew(ctx)
	}
	if answer.Again > 0 {
		return min(max(time.Duration(answer.Again)*time.Second, k.pace.again), longestAgain)
	}
	return k.pace.every
}

// look sees both ports and judges them. Once all is in force, the HTTP port alone is looked at: nothing but us changes the folder,
// and the database writes a line into its log for each SQL connection that goes without a word (seen of v20.1.5).
func (k *Keeper) look(ctx context.Context) (finding, error) {
	web, err := lookAtHTTP(ctx, k.HTTP, k.Desk.Name)
	if err != nil {
		return finding{}, err
	}
	if k.settled != nil && k.present.shownBy(web) {
		return *k.settled, nil
	}
	sql, err := lookAtSQL(ctx, k.SQL, k.Desk.Name)
	if err != nil {
		return finding{}, err
	}
	found := judge(view{sql, web}, k.present, k.former, k.Desk.Name)
	if found.problem == nil {
		k.settled = &found
	}
	return found, nil
}

// again has the database read its folder once more, and adds what its log says to the problem.
func (k *Keeper) again(f *finding) {
	if now := k.Desk.Now(); now.Sub(k.hung) >= k.pace.reload {
		k.hung = now
		if err := k.Hangup(); err != nil {
			f.problem = fmt.Errorf("%w; SIGHUP cannot be sent: %w", f.problem, err)
		}
	}
	if said := k.said(); said != "" {
		f.problem = fmt.Errorf("%w; its log says: %s", f.problem, said)
	}
	k.use.about("%v", f.problem)
}

func (k *Keeper) said() string {
	if k.Trouble == nil {
		return ""
	}
	return k.Trouble()
}

// renew asks for new certificates, writes them, and sees to it that they are served. What does not succeed is tried again: the
// certificate at hand stays in use.
func (k *Keeper) renew(ctx context.Context) time.Duration {
	if k.pending == nil {
		keys, err := NewKeys()
		if err != nil {
			k.news.about("cannot renew the certificates: %v", err)
			return k.pace.every
		}
		k.pending = &keys
	}
	issued, err := k.Desk.ask(ctx, *k.pending, "", k.present)
	var refused *answered
	switch {
	case ctx.Err() != nil:
		return k.pace.every
	case errors.As(err, &refused) && refused.status == http.StatusConflict: // the authority changed meanwhile: sign again
		k.news.about("cannot renew the certificates, trying on: %v", err)
		return k.pace.again
	case err != nil:
		k.news.about("cannot renew the certificates, trying on: %v", err)
		return k.pace.every
	}
	k.pending = nil
	k.news.over("the scheduler signed new certificates")
	return k.install(ctx, issued)
}

// install writes what was given and waits until it is served, or gives up waiting: the next looks go on with it.
func (k *Keeper) install(ctx context.Context, issued *Issued) time.Duration {
	k.unwritten = issued
	if err := k.Place.Install(issued); err != nil {
		k.news.about("cannot write the new certificates, trying on: %v", err)
		return k.pace.every
	}
	k.former, k.present, k.unwritten, k.settled = k.present, issued, nil, nil
	k.Roots.Use(issued)
	k.Desk.Say("got the certificate %s: having the database read it", issued)
	k.hung = k.Desk.Now()
	if err := k.Hangup(); err != nil {
		k.Desk.Say("WARNING: cannot send SIGHUP to the database: %v", err)
	}
	for began := k.Desk.Now(); k.Desk.Now().Sub(began) < k.pace.reload; {
		if found, err := k.look(ctx); err == nil && found.problem == nil {
			break
		}
		if !sleep(ctx, k.pace.poll) {
			break
		}
	}
	return k.pace.again // the next turn tells what there is to see
}
