package node

import "sync"

// stateKeeper holds the current State and writes each change to the sandbox. A phase is never left for an earlier one.
type stateKeeper struct {
	mu      sync.Mutex
	dir     string
	state   State
	journal *Journal
}

var phaseOrder = map[Phase]int{Preparing: 0, Starting: 1, Waiting: 2, Serving: 3, Stopping: 4}

func (k *stateKeeper) change(phase Phase, edit func(*State)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if edit != nil {
		edit(&k.state)
	}
	if phaseOrder[phase] > phaseOrder[k.state.Phase] {
		k.state.Phase = phase
	}
	if err := WriteState(k.dir, k.state); err != nil {
		k.journal.Say("WARNING: the checks of this task may answer wrongly: %v", err)
	}
}

func (k *stateKeeper) advance(phase Phase) { k.change(phase, nil) }

func (k *stateKeeper) running(pid int) { k.change(Starting, func(s *State) { s.PID = pid }) }

func (k *stateKeeper) member(clusterID string) {
	k.change(Serving, func(s *State) { s.ClusterID = clusterID })
}
