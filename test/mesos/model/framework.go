package model

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// framework is one framework as the master knows it.
type framework struct {
	id         string
	info       mesos.FrameworkInfo
	stream     string // "" while not connected
	epoch      int    // grows with each subscription, so that timers of an older one do nothing
	subscribed time.Time
	suppressed map[string]bool
	filters    map[filterKey][]*filter
	inverse    map[string]time.Time // agent id -> until when inverse offers are refused

	tasks     map[string]*task // that the master knows, by id
	taskOrder []*task
	completed []TaskState

	unreachable map[string]*task // of agents out of reach, by id: what this master told TASK_UNREACHABLE of
}

func newFramework(id string, info mesos.FrameworkInfo) *framework {
	return &framework{
		id: id, info: info, suppressed: map[string]bool{}, filters: map[filterKey][]*filter{},
		inverse: map[string]time.Time{}, tasks: map[string]*task{}, unreachable: map[string]*task{},
	}
}

func (f *framework) has(c mesos.FrameworkInfo_Capability_Type) bool { return hasCapability(&f.info, c) }

func (f *framework) partitionAware() bool {
	return f.has(mesos.FrameworkInfo_Capability_PARTITION_AWARE)
}

// legacy tells whether offers to it use the old reservation format.
func (f *framework) legacy() bool {
	return !f.has(mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT)
}

func (f *framework) roles() []string {
	if f.has(mesos.FrameworkInfo_Capability_MULTI_ROLE) {
		return f.info.Roles
	}
	return []string{f.info.GetRole()}
}

func (f *framework) addTask(t *task) {
	f.tasks[t.id()] = t
	f.taskOrder = append(f.taskOrder, t)
}

// dropTask takes a task out of what the master knows and keeps a record of it.
func (f *framework) dropTask(t *task) {
	if f.tasks[t.id()] != t {
		return
	}
	delete(f.tasks, t.id())
	for n := range f.taskOrder {
		if f.taskOrder[n] == t {
			f.taskOrder = append(f.taskOrder[:n], f.taskOrder[n+1:]...)
			break
		}
	}
	f.completed = append(f.completed, t.state())
	if excess := len(f.completed) - maxCompletedTasks; excess > 0 {
		f.completed = f.completed[excess:]
	}
}

// maxCompletedTasks is the master's max_completed_tasks_per_framework.
const maxCompletedTasks = 1000
