package placement

import (
	"iter"
	"strings"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// Field names what a row looks at: Hostname, Zone, Region, or the name of an agent attribute.
type Field string

// Fields that are not attributes.
const (
	Hostname Field = "hostname"
	Zone     Field = "@zone"
	Region   Field = "@region"
)

// fieldOf reads a field's name. Mesos lets no attribute begin with @, so an unknown name of that form is a mistake.
func fieldOf(text string) (Field, bool) {
	switch strings.ToLower(text) {
	case "hostname", "@hostname":
		return Hostname, true
	case "@zone":
		return Zone, true
	case "@region":
		return Region, true
	}
	return Field(text), text != "" && !strings.HasPrefix(text, "@")
}

// attribute says that the field is an agent attribute.
func (f Field) attribute() bool { return f != Hostname && f != Zone && f != Region }

// key gives the agent's value of the field: the first one if an attribute is there more than once.
func (f Field) key(agent *tasks.Agent) (string, bool) {
	switch f {
	case Hostname:
		return agent.Hostname, agent.Hostname != ""
	case Zone:
		return agent.Zone, agent.Zone != ""
	case Region:
		return agent.Region, agent.Region != ""
	}
	return agent.Attribute(string(f))
}

// values gives every value that the agent has in the field. An agent may carry the same attribute more than once.
func (f Field) values(agent *tasks.Agent) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !f.attribute() {
			if value, ok := f.key(agent); ok {
				yield(value)
			}
			return
		}
		for i := range agent.Attributes {
			if agent.Attributes[i].Name == string(f) && !yield(agent.Attributes[i].Value) {
				return
			}
		}
	}
}

// words names the field in a sentence: host, zone, region, or the attribute's name.
func (f Field) words() string {
	switch f {
	case Hostname:
		return "host"
	case Zone:
		return "zone"
	case Region:
		return "region"
	}
	return string(f)
}
