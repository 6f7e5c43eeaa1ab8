package model

func (a *agent) task(framework, id string) *task {
	for _, e := range a.executors {
		if e.key.framework != framework {
			continue
		}
		for _, t := range e.tasks {
			if t.id() == id {
				return t
			}
		}
	}
	for _, t := range a.orphans {
		if t.framework == framework && t.id() == id {
			return t
		}
	}
	return nil
}

// dropTask forgets a task whose last status was acknowledged.
func (a *agent) dropTask(t *task) {
	drop := func(list []*task) []*task {
		for n := range list {
			if list[n] == t {
				return append(list[:n], list[n+1:]...)
			}
		}
		return list
	}
	t.executor.tasks = drop(t.executor.tasks)
	a.orphans = drop(a.orphans)
}

func (a *agent) isDoomed(framework string) bool {
	for key := range a.doomed {
		if key.framework == framework {
			return true
		}
	}
	return false
}

func (a *agent) tasksOf(framework string) []*task {
	var list []*task
	for _, e := range a.executors {
		if e.key.framework == framework {
			list = append(list, e.tasks...)
		}
	}
	for _, t := range a.orphans {
		if t.framework == framework {
			list = append(list, t)
		}
	}
	return list
}
