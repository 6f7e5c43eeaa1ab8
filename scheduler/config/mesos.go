package config

import (
	"errors"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/mesos"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store/zkconn"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Mesos says which master to talk to and where state is kept.
type Mesos struct {
	Master string `env:"MESOS_MASTER" envDefault:"zk://master.mesos:2181/mesos" help:"Mesos master: zk://host:port,…/mesos, or one or more http(s)://host:port separated by commas."`
	Store  string `env:"STATE_STORE" envDefault:"zk://master.mesos:2181" help:"Where state is kept: zk://host:port,… for ZooKeeper, or file:///path for one file on this machine."`
}

// check asks the packages that will use the addresses.
func (m Mesos) check(f *faults) {
	for _, err := range leaves(mesos.CheckMasters(m.Master)) {
		var fault tasks.Fault
		if errors.As(err, &fault) {
			f.add("MESOS_MASTER", fault.Value, fault.Message, fault.Remedy)
		}
	}
	_, err := store.ParseURL(m.Store)
	for _, err := range leaves(err) {
		var place *store.URLError
		var zookeeper *zkconn.AddressError
		switch {
		case errors.As(err, &place):
			f.add("STATE_STORE", place.Value, place.Problem, place.Remedy)
		case errors.As(err, &zookeeper):
			f.add("STATE_STORE", zookeeper.Value, zookeeper.Problem, zookeeper.Remedy)
		}
	}
}

func (m Mesos) warnings() []string {
	place, err := store.ParseURL(m.Store)
	if err != nil || place.Kind != store.KindMemory {
		return nil
	}
	return []string{"STATE_STORE is memory: the scheduler forgets its cluster when it ends, and its successor would deploy a new one; " +
		"use zk:// or file:// for anything but tests."}
}
