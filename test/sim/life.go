package sim

import (
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/virtual"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

// Wish is what a person wants the service to be in the end.
type Wish struct {
	// Nodes is their number, Mem their memory in MB.
	Nodes, Mem int
	// Secure is whether they speak TLS.
	Secure bool
}

// Life is a history as it is lived.
type Life struct {
	*World
	history History
	wish    Wish
	most    int // nodes that there is ever a place for
	// crashes, losses, drops and repeats count down to what they happen to: effects, calls and updates.
	crashes, losses, drops, repeats []int
	// interrupted are plans with phases that a person held back, completed those with steps that were forced to be complete.
	interrupted []core.PlanOrder
	completed   []core.PlanOrder
	schedule    []model.Window
	// uninstalled says that the last wish is that the service is removed.
	uninstalled bool
	// dues counts the times of the schedule of backups that have come.
	dues int
}

// Live lives a history to its end and gives what happened in it. The error is a *Broken for a broken invariant; the text
// tells where everything stood then.
func Live(h History) (figures Figures, text string, err error) {
	l := newLife(h)
	err = l.live()
	figures = l.figures
	figures.Histories, figures.Virtual = 1, l.Now().Sub(Begin)
	if err != nil {
		text = l.Describe()
	}
	return figures, text, err
}

// live does all operations, and then waits for the end. A panic of the core is a failure as any other.
func (l *Life) live() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = broken("panic", "%v\n%s", p, debug.Stack())
		}
	}()
	for _, op := range l.history.Ops {
		if err := l.do(op); err != nil {
			return err
		}
	}
	return l.settle()
}

func newLife(h History) *Life {
	l := &Life{history: h, most: h.Agents - 1, wish: Wish{Nodes: 3, Mem: 3000}}
	l.World = New(model.Options{Seed: int64(h.Seed), Version: h.Mesos}, virtual.Agents(h.Agents))
	l.Thorough = h.Thorough
	l.Database.Behind, l.Database.Anew = 30*time.Second, 2*time.Minute
	l.Crash = func(effect core.Effect) bool {
		switch effect.(type) {
		case core.Write, core.Send, core.Reply:
			return countDown(&l.crashes)
		}
		return false
	}
	l.Lose = func(core.Call) bool { return countDown(&l.losses) }
	l.Arrive = l.arrive
	l.retarget()
	return l
}

// arrive is how often an update arrives.
func (l *Life) arrive(core.Updated) int {
	drop, again := countDown(&l.drops), countDown(&l.repeats)
	switch {
	case drop:
		l.figures.Dropped++
		return 0
	case again:
		l.figures.Twice++
		return 2
	}
	return 1
}

// countDown counts one more, and says whether that is one of those that were counted down to.
func countDown(counts *[]int) bool {
	hit := false
	var left []int
	for _, n := range *counts {
		if n == 0 {
			hit = true
		} else {
			left = append(left, n-1)
		}
	}
	*counts = left
	return hit
}

// do does one operation, and lets time pass.
func (l *Life) do(op Op) error {
	known, is := Operations[op.Do]
	if !is {
		return fmt.Errorf("there is no operation %q", op.Do)
	}
	l.tell("--- %s", op)
	did, err := known.do(l, op)
	if err != nil {
		return err
	}
	if did {
		increase(&l.figures.Ops, op.Do, 1)
	} else {
		increase(&l.figures.Idle, op.Do, 1)
	}
	_, err = l.Run(never, op.Wait)
	return err
}

func never() bool { return false }

// environ is what the last wish asks for.
func (l *Life) environ(more ...string) []string {
	list := append(slices.Clone(l.history.Environ), fmt.Sprint("NODE_COUNT=", l.wish.Nodes), fmt.Sprint("NODE_MEM=", l.wish.Mem))
	if l.uninstalled {
		list = append(list, "SDK_UNINSTALL=true")
	}
	return append(list, more...)
}

// retarget has the next process start with the last wish.
func (l *Life) retarget(more ...string) {
	l.Environ(l.environ(more...)...)
	l.Target.Service.Secure, l.Settings.FullStop = l.wish.Secure, true
}

// ask gives an order and notes the answer.
func (l *Life) ask(name string, event core.Asking) (core.Reply, bool, error) {
	reply, answered, err := l.Ask(event)
	if answered {
		increase(&l.figures.Answers, fmt.Sprint(name, " ", reply.Code), 1)
	} else {
		increase(&l.figures.Answers, name+" none", 1)
	}
	return reply, answered, err
}

// pods are those of the last wish.
func (l *Life) pods() []string {
	var names []string
	for index := range l.wish.Nodes {
		names = append(names, tasks.Pod{Type: tasks.NodePod, Index: index}.String())
	}
	return append(names, tasks.Pod{Type: tasks.MetricsPod}.String())
}

// memOf is the sum of the memory in a task's resources, in MB.
func memOf(resources []mesos.Resource) float64 {
	sum := 0.0
	for _, resource := range resources {
		if resource.GetName() == tasks.Mem {
			sum += resource.GetScalar().GetValue()
		}
	}
	return sum
}
