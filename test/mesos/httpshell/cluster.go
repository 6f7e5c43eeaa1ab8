package httpshell

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// Cluster is a master on a loopback address and agents that run tasks as real processes of this machine. Fill in the fields,
// then Start.
type Cluster struct {
	// WorkDir holds the agents' folders agent-1, agent-2, …; it is created, and left behind. Required.
	WorkDir string
	// Listen is the master's address. Default: 127.0.0.1:0, a free port.
	Listen string
	// Agents are started with it. Default: Agents(4).
	Agents []Agent
	// Model changes the master; its Hostname, IP and Port are set by Start. Without a MasterID and a Seed each run has ids of its
	// own, as each real master has.
	Model model.Options
	// Log gets what goes wrong inside. Default: nothing is logged.
	Log *slog.Logger
	// Observe and Before see the calls; see Options.
	Observe func(call *scheduler.Call, status int)
	Before  func(call *scheduler.Call)

	server   *Server
	http     *http.Server
	listener net.Listener
	served   chan error
	machines []*machine
	stopOnce sync.Once
	stopErr  error
}

// Start starts the master and its agents and returns when they have registered. When ctx ends, everything stops as with Stop.
func (c *Cluster) Start(ctx context.Context) error {
	if err := c.fillIn(); err != nil {
		return fmt.Errorf("start a Mesos cluster: %w", err)
	}
	if err := c.start(); err != nil {
		return errors.Join(fmt.Errorf("start a Mesos cluster: %w", err), c.Stop())
	}
	context.AfterFunc(ctx, func() { _ = c.Stop() })
	return nil
}

func (c *Cluster) fillIn() error {
	var faults []error
	if c.WorkDir == "" {
		faults = append(faults, errors.New("WorkDir is empty: name a folder for the agents"))
	}
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.Agents == nil {
		c.Agents = Agents(4)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Model.MasterID == "" {
		c.Model.MasterID = uuid.NewString()
	}
	if c.Model.Seed == 0 {
		c.Model.Seed = time.Now().UnixNano()
	}
	for i, agent := range c.Agents {
		if err := agent.check(); err != nil {
			faults = append(faults, fmt.Errorf("agent %d: %w", i+1, err))
		}
	}
	return errors.Join(faults...)
}

func (c *Cluster) start() error {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	c.listener = listener
	address := listener.Addr().(*net.TCPAddr)
	c.Model.IP, c.Model.Hostname, c.Model.Port = address.IP.String(), address.IP.String(), uint32(address.Port)
	c.server = New(Options{Model: c.Model, Log: c.Log, Observe: c.Observe, Before: c.Before})
	for i, agent := range c.Agents {
		if err := c.startMachine(i, agent); err != nil {
			return fmt.Errorf("agent %d: %w", i+1, err)
		}
	}
	c.http = &http.Server{Handler: c.server, ConnState: c.server.Faults().ConnState, ReadHeaderTimeout: time.Minute}
	c.served = make(chan error, 1)
	go func() { c.served <- c.http.Serve(listener) }()
	return nil
}

// URL is the master's address as MESOS_MASTER wants it: http://host:port.
func (c *Cluster) URL() string { return "http://" + c.listener.Addr().String() }

// Server is the master, for its Faults, its State and what tests do to it.
func (c *Cluster) Server() *Server { return c.server }

// Stop ends the agents' tasks and the master and returns when no process and no connection is left. The folders stay.
// Calling it again does nothing.
func (c *Cluster) Stop() error {
	c.stopOnce.Do(func() {
		var agents sync.WaitGroup
		for _, machine := range c.machines {
			agents.Go(machine.hands.Stop)
		}
		agents.Wait()
		if c.server != nil {
			c.server.Close()
		}
		switch {
		case c.http != nil:
			c.stopErr = c.http.Close()
			<-c.served
		case c.listener != nil:
			c.stopErr = c.listener.Close()
		}
	})
	return c.stopErr
}
