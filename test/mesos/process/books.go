package process

import "os"

// The agent's books: which executors there are, and whose folders may go.

type executorKey struct{ framework, executor string }

func (a *Agent) find(frameworkID, executorID string) *executor {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.executors[executorKey{frameworkID, executorID}]
}

func (a *Agent) all() []*executor {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []*executor
	for exec := range a.living {
		all = append(all, exec)
	}
	return all
}

// forget takes an executor out of the books and removes the folders of the oldest ended ones.
func (a *Agent) forget(exec *executor) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.retire(exec)
}

// retire is forget with the lock held.
func (a *Agent) retire(exec *executor) {
	if _, known := a.living[exec]; !known {
		return
	}
	delete(a.living, exec)
	if a.executors[exec.key()] == exec {
		delete(a.executors, exec.key())
	}
	a.ended = append(a.ended, exec.runDir)
	for len(a.ended) > a.options.KeepRuns {
		if err := os.RemoveAll(a.ended[0]); err != nil {
			a.log.Warn("cannot remove an old sandbox", "folder", a.ended[0], "error", err)
		}
		a.ended = a.ended[1:]
	}
}
