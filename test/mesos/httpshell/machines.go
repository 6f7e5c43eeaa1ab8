package httpshell

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/process"
)

// machine is one agent with its hands.
type machine struct {
	agent Agent
	id    string // guarded by the owner: it changes when metadata is lost
	hands *process.Agent
}

func (c *Cluster) startMachine(i int, agent Agent) error {
	dir, err := filepath.Abs(filepath.Join(c.WorkDir, "agent-"+strconv.Itoa(i+1)))
	if err != nil {
		return err
	}
	for root := range agent.MountDisks {
		if err := os.MkdirAll(filepath.Join(dir, root), 0o755); err != nil {
			return err
		}
	}
	hands, err := process.New(process.Options{WorkDir: dir, IP: agent.IP, Port: agent.Port,
		NoSandboxPath: agent.NoSandboxPath, Report: c.server, Log: c.Log})
	if err != nil {
		return err
	}
	made := &machine{agent: agent, hands: hands}
	c.machines = append(c.machines, made)
	made.id = c.server.AddAgent(agent.spec(dir), hands)
	return nil
}

// AgentID is the present id of agent i, from 0.
func (c *Cluster) AgentID(i int) string {
	var id string
	c.server.Do(func(*model.Model, time.Time) { id = c.machines[i].id })
	return id
}

// Hands is the machine of agent i, from 0.
func (c *Cluster) Hands(i int) *process.Agent { return c.machines[i].hands }

// AgentDown kills the agent process i; its tasks keep running.
func (c *Cluster) AgentDown(i int) error { return c.tell(i, (*model.Model).AgentDown) }

// AgentReturn starts the agent process i again.
func (c *Cluster) AgentReturn(i int) error { return c.tell(i, (*model.Model).AgentReturn) }

// AgentReboot takes the machine of agent i down with everything that runs on it; AgentReturn starts the agent again.
func (c *Cluster) AgentReboot(i int) error {
	c.machines[i].hands.Reboot()
	return c.tell(i, (*model.Model).AgentReboot)
}

// AgentRemoved unregisters agent i for good.
func (c *Cluster) AgentRemoved(i int) error { return c.tell(i, (*model.Model).AgentRemoved) }

// AgentLost makes agent i lose its metadata: it comes back under a new id.
func (c *Cluster) AgentLost(i int) error {
	id, err := c.server.LoseAgent(c.AgentID(i))
	if err == nil {
		c.server.Do(func(*model.Model, time.Time) { c.machines[i].id = id })
	}
	return err
}

// MasterFailover replaces the master: every stream ends, and agents come back by and by.
func (c *Cluster) MasterFailover() {
	c.server.Do(func(m *model.Model, now time.Time) { m.MasterFailover(now, "") })
}

func (c *Cluster) tell(i int, what func(*model.Model, time.Time, string) error) error {
	err := errors.New("the cluster has been stopped")
	c.server.Do(func(m *model.Model, now time.Time) { err = what(m, now, c.machines[i].id) })
	return err
}
