package node

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// initLimit bounds one run of `cockroach init`, which from v19.2.6 on repeats for ever on its own.
const initLimit = 20 * time.Second

// initRun runs `cockroach init` against the node of the same sandbox.
type initRun struct {
	st       Start
	settings Settings
	binary   string
	limit    time.Duration
}

// run returns the exit code and the output, stdout and stderr together. It is started like the database, tied to the helper's
// life: a stray one would go on trying and could initialise a later start that must not be.
func (r initRun) run(ctx context.Context) (int, string, error) {
	var output bytes.Buffer
	args := cockroach.InitCommand(r.settings.Version, r.settings.Listen.Dial())
	p, err := startProcess(r.binary, args, cockroach.Environment(r.st.Environ), r.st.Dir, &output, &output)
	if err != nil {
		return 0, "", fmt.Errorf("run cockroach init: %w", err)
	}
	limit := time.NewTimer(r.limit)
	defer limit.Stop()
	select {
	case code := <-p.exited:
		return code, output.String(), nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-limit.C:
	}
	if killErr := p.kill(); killErr != nil {
		return 0, "", fmt.Errorf("end cockroach init: %w", killErr)
	}
	code := <-p.exited // also orders the last write to output before the read below
	return code, fmt.Sprintf("%s\nno end within %s", output.String(), r.limit), err
}
