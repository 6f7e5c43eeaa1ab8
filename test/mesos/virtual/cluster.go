package virtual

import (
	"fmt"
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// Cluster is a master, its agents and their scripted tasks on a virtual clock. Its embedded Scheduler is the first
// framework's connection; NewScheduler makes more.
type Cluster struct {
	*Scheduler
	// Model may be read at any time (State). To change something use With, which also does what follows from it.
	Model *model.Model

	now        time.Time
	deeds      []deed
	schedulers []*Scheduler
	executors  map[executorKey]*executor
	tasks      map[string]*task
	rules      []rule
	launches   []model.LaunchGroup
	neighbours []*Neighbour
	problems   []error
}

// New starts a cluster at t0 with these agents.
func New(t0 time.Time, options model.Options, agents ...model.AgentSpec) *Cluster {
	c := &Cluster{Model: model.New(options), now: t0, executors: map[executorKey]*executor{}, tasks: map[string]*task{}}
	c.Scheduler = c.NewScheduler()
	for _, spec := range agents {
		c.Model.AddAgent(c.now, spec)
	}
	c.pump()
	return c
}

// Agents returns the ids of the agents the master knows, in order of registration.
func (c *Cluster) Agents() []string {
	var ids []string
	c.Model.EachAgent(func(a model.AgentView) bool {
		ids = append(ids, a.ID)
		return true
	})
	return ids
}

// With does something to the model at the current time, such as a model.Fault, and then what follows from it.
func (c *Cluster) With(do func(m *model.Model, now time.Time) error) error {
	err := do(c.Model, c.now)
	c.pump()
	return err
}

// Launches returns everything launched so far, in order: one entry for each LAUNCH_GROUP, and for each task of a LAUNCH.
func (c *Cluster) Launches() []model.LaunchGroup { return c.launches }

// Problems returns what a test can expect none of: reports of scripted tasks that the model had no place for, and frameworks that
// touched what belongs to another (model.Trespass).
func (c *Cluster) Problems() []error {
	list := c.problems
	for _, t := range c.Model.Trespasses() {
		list = append(list[:len(list):len(list)], &t)
	}
	return list
}

// pump does what the model wants done.
func (c *Cluster) pump() {
	for {
		outputs := c.Model.Outputs()
		if len(outputs) == 0 {
			if c.attend() {
				continue
			}
			return
		}
		for _, out := range outputs {
			c.carryOut(out)
		}
	}
}

func (c *Cluster) carryOut(out model.Output) {
	switch o := out.(type) {
	case model.EventTo:
		for _, s := range c.schedulers {
			if s.stream == o.StreamID {
				s.receive(o.Event)
			}
		}
	case model.CloseStream:
		for _, s := range c.schedulers {
			if s.stream == o.StreamID {
				s.closed = true
			}
		}
	case model.LaunchGroup:
		c.launches = append(c.launches, o)
		c.launch(o)
	case model.KillTask:
		if t := c.tasks[taskKey(o.FrameworkID, o.TaskID)]; t != nil {
			c.killTask(t, o.Grace)
		}
	case model.ShutdownExecutor:
		c.shutdown(executorKey{o.AgentID, o.FrameworkID, o.ExecutorID})
	}
}

func (c *Cluster) note(err error, format string, args ...any) {
	if err != nil {
		c.problems = append(c.problems, fmt.Errorf(format+": %w", append(args, err)...))
	}
}

// Agent returns the spec of a usual agent: 4 cpus, 8 GB of memory, 100 GB of disk, ports 1025-32000, rack and zone n, at
// 10.0.0.n.
func Agent(n int) model.AgentSpec {
	ip := fmt.Sprintf("10.0.%d.%d", n/250, n%250+1)
	return model.AgentSpec{
		Hostname: ip, IP: ip, Port: 5051, Region: "region-1", Zone: fmt.Sprintf("zone-%d", n),
		Attributes: []mesos.Attribute{model.Text("rack", fmt.Sprintf("rack-%d", n))},
		Resources: []mesos.Resource{
			model.Scalar("cpus", 4), model.Scalar("mem", 8192), model.Scalar("disk", 100000), model.Ports(1025, 32000),
		},
	}
}

// Agents returns n usual agents.
func Agents(n int) []model.AgentSpec {
	specs := make([]model.AgentSpec, n)
	for i := range specs {
		specs[i] = Agent(i)
	}
	return specs
}
