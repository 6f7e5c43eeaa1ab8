package model

import (
	"fmt"
	"math/rand"
	"time"

	"github.com/google/uuid"
	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

// Model is one master and its agents. It has no goroutine, lock, clock or network: all comes in through its methods, one
// call at a time, and what it causes goes out through Outputs.
type Model struct {
	options  Options
	edition  Edition
	masterID string
	now      time.Time
	elected  time.Time
	random   *rand.Rand
	timers   timerHeap
	turn     uint64
	outputs  []Output

	agents     map[string]*agent
	agentOrder []*agent           // in order of registration, those gone for good removed
	addresses  map[address]*agent // the agent that registered there last
	goneAgents map[string]bool    // ids that are never used again
	markedGone map[string]bool    // those of them an operator marked gone

	frameworks     map[string]*framework
	frameworkOrder []*framework
	completed      []*framework
	removed        map[string]bool // ids of frameworks this master has torn down

	offers        map[string]*offer
	inverseOffers map[string]*inverseOffer
	schedule      []Window

	known      *State      // what State said last, nil once something has happened since
	recent     []forwarded // statuses of agents that went to frameworks last, one a task, the latest last
	trespasses []Trespass
	lose       int // so many statuses of agents will still get lost
	snatch     int // so many offers will still be taken back as soon as they are made

	candidates map[string]bool // agents the next allocation pass looks at
	batchSet   bool            // whether that pass has its timer

	agentCount, frameworkCount, offerCount, containerCount int
}

func newModel(options Options) *Model {
	m := &Model{options: options.withDefaults()}
	m.edition = editionOf(m.options.Version)
	m.masterID = m.options.MasterID
	m.random = rand.New(rand.NewSource(m.options.Seed))
	m.agents = map[string]*agent{}
	m.addresses = map[address]*agent{}
	m.goneAgents = map[string]bool{}
	m.markedGone = map[string]bool{}
	m.inverseOffers = map[string]*inverseOffer{}
	m.forget()
	return m
}

// forget drops what a master only holds in memory.
func (m *Model) forget() {
	m.frameworks = map[string]*framework{}
	m.frameworkOrder, m.completed = nil, nil
	m.removed = map[string]bool{}
	m.offers = map[string]*offer{}
	m.inverseOffers = map[string]*inverseOffer{}
	m.candidates = map[string]bool{}
	m.recent = nil
	m.frameworkCount, m.offerCount = 0, 0
}

func (m *Model) emit(out Output) { m.outputs = append(m.outputs, out) }

// send puts an event on a framework's stream. A framework that is not connected misses it.
func (m *Model) send(f *framework, event *scheduler.Event) {
	if f.stream != "" {
		m.emit(EventTo{StreamID: f.stream, Event: event})
	}
}

// uuid makes a version 4 UUID from the model's own random sequence.
func (m *Model) uuid() uuid.UUID {
	var id uuid.UUID
	m.random.Read(id[:])
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}

func (m *Model) newOfferID() string {
	id := fmt.Sprintf("%s-O%d", m.masterID, m.offerCount)
	m.offerCount++
	return id
}

// timestamp is the time as task statuses carry it: seconds since 1970.
func (m *Model) timestamp() *float64 {
	seconds := float64(m.now.UnixNano()) / 1e9
	return &seconds
}

func (m *Model) masterInfo() *mesos.MasterInfo {
	o := m.options
	pid := fmt.Sprintf("master@%s:%d", o.IP, o.Port)
	port := int32(o.Port)
	info := &mesos.MasterInfo{
		ID: m.masterID, IP: littleEndian(o.IP), Port: &o.Port, PID: &pid, Hostname: &o.Hostname, Version: &o.Version,
		Address: &mesos.Address{Hostname: &o.Hostname, IP: &o.IP, Port: port},
	}
	can := func(known bool, c mesos.MasterInfo_Capability_Type) {
		if known {
			info.Capabilities = append(info.Capabilities, mesos.MasterInfo_Capability{Type: c})
		}
	}
	if m.edition.Regions {
		info.Domain = domain(o.Region, o.Zone)
	}
	can(m.edition.Regions, mesos.MasterInfo_Capability_AGENT_UPDATE)
	can(m.edition.Draining, mesos.MasterInfo_Capability_AGENT_DRAINING)
	return info
}

func domain(region, zone string) *mesos.DomainInfo {
	if region == "" && zone == "" {
		return nil
	}
	return &mesos.DomainInfo{FaultDomain: &mesos.DomainInfo_FaultDomain{
		Region: mesos.DomainInfo_FaultDomain_RegionInfo{Name: region},
		Zone:   mesos.DomainInfo_FaultDomain_ZoneInfo{Name: zone},
	}}
}
