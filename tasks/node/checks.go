package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/certs"
)

// Ready is `cockroachdb-node ready`: nil when the database of the sandbox dir accepts SQL clients, else the reason why not.
// ctx carries the time limit.
func Ready(ctx context.Context, dir string) error {
	state, err := ReadState(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return errors.New("not ready: the start has not begun")
		}
		return err
	}
	if state.Phase == Preparing {
		return fmt.Errorf("not ready: %s", state.Phase)
	}
	nodes, err := checkWeb(dir, state)
	if err != nil {
		return fmt.Errorf("not ready (%s): %w", state.Phase, err)
	}
	status, body, err := nodes.ask(ctx, state.HTTP, cockroach.ReadyPath)
	switch {
	case err != nil:
		return fmt.Errorf("not ready (%s): %w", state.Phase, err)
	case !cockroach.Ready(status):
		if means := cockroach.CertTrouble(string(body)); means != "" {
			return fmt.Errorf("not ready (%s): the database answers %d %s: %s", state.Phase, status, reason(body), means)
		}
		return fmt.Errorf("not ready (%s): the database answers %d %s", state.Phase, status, reason(body))
	}
	return nil
}

// Live is `cockroachdb-node live`: nil unless a database that once served HTTP serves it no more. A node that still unpacks,
// opens its store, waits to be initialised, waits for its peers, has lost the quorum or drains is alive: killing it cures
// nothing and costs its work so far. A process that has ended needs no check, its task ends with it. The returned line says
// what was found; ctx carries the time limit.
func Live(ctx context.Context, dir string) (string, error) {
	state, err := ReadState(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return "alive: the start has not begun", nil
	}
	if err != nil {
		return "", err
	}
	switch state.Phase {
	case Preparing, Starting, Stopping:
		return fmt.Sprintf("alive: %s", state.Phase), nil
	}
	nodes := plainWeb()
	if state.TLSName != "" { // whether it may be trusted is another question: an expired certificate does not make it dead
		nodes = web{scheme: "https", toOwn: nodeClient(certs.Blind()), toOthers: nodeClient(certs.Blind())}
	}
	status, _, err := nodes.limited(0).ask(ctx, state.HTTP, cockroach.LivePath)
	if err != nil || !cockroach.Live(status) {
		return "", fmt.Errorf("not alive: the database served HTTP at %s and does no more: %w", state.HTTP, err)
	}
	return fmt.Sprintf("alive: %s", state.Phase), nil
}

// checkWeb asks as the supervisor does, by what the state file says. It has no time limit of its own: that of the check holds.
func checkWeb(dir string, state State) (web, error) {
	if state.TLSName == "" {
		return plainWeb().limited(0), nil
	}
	roots, err := certs.ReadRoots(dir)
	if err != nil {
		return web{}, err
	}
	return secureWeb(state.HTTP, state.TLSName, roots, nil).limited(0), nil
}

// reason picks the sentence out of the JSON body of a 503; releases differ in the other fields.
func reason(body []byte) string {
	var answer struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(body, &answer) == nil && answer.Error != "" {
		return "(" + answer.Error + ")"
	}
	text := strings.Join(strings.Fields(string(body)), " ")
	return "(" + text[:min(len(text), 100)] + ")"
}
