package run

import (
	"context"
	"fmt"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
)

// Ended is why the process must end: the code for the shell, what happened, and what to do.
type Ended struct {
	Code    int
	Message string
	Remedy  string
}

// Error is message and remedy.
func (e *Ended) Error() string { return e.Message + "; " + e.Remedy }

// Exit codes of the SDK (ProcessExit) that this shell uses.
const exitStore = 2

// writeTimeout bounds one write: a store that does not answer is as good as gone, and a successor is better placed.
const writeTimeout = 30 * time.Second

// execute does the effects of one frame in their order.
func (l *Loop) execute(ctx context.Context, effects []core.Effect) error {
	for _, effect := range effects {
		switch e := effect.(type) {
		case core.Write:
			if err := l.write(ctx, e); err != nil {
				return err
			}
		case core.Send:
			l.sender.put(e.Call)
		case core.Log:
			l.Log.Log(ctx, e.Level, e.Message, e.Attrs...)
		case core.Reply:
			if waiting, ok := l.waiting[e.Request]; ok {
				delete(l.waiting, e.Request)
				waiting <- e
			}
		case core.Leave:
			l.leave()
		case core.Exit:
			return &Ended{Code: e.Code, Message: e.Message, Remedy: e.Remedy}
		}
	}
	return nil
}

func (l *Loop) write(ctx context.Context, write core.Write) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	if err := l.Store.Apply(ctx, store.Batch{Set: write.Set, Delete: write.Delete}); err != nil {
		return &Ended{Code: exitStore, Message: fmt.Sprintf("write the state: %v", err),
			Remedy: "the process ends before anything of this change reached Mesos; make the store writable, the next start goes on from what is stored"}
	}
	return nil
}
