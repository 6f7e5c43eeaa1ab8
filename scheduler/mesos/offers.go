package mesos

import (
	"fmt"
	"strconv"
	"strings"

	mesos "github.com/mesos/mesos-go/api/v1/lib"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/offers"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/launch"
)

// Offers flattens the offers of one event.
func Offers(list []mesos.Offer) []offers.Offer {
	flat := make([]offers.Offer, len(list))
	for i := range list {
		flat[i] = offer(&list[i])
	}
	return flat
}

func offer(o *mesos.Offer) offers.Offer {
	flat := offers.Offer{
		IDs:       []string{o.ID.Value},
		Agent:     agent(o),
		Resources: make([]tasks.Resource, len(o.Resources)),
	}
	for i := range o.Resources {
		flat.Resources[i] = launch.FromMesos(&o.Resources[i])
	}
	return flat
}

func agent(o *mesos.Offer) tasks.Agent {
	out := tasks.Agent{ID: o.AgentID.Value, Hostname: o.Hostname}
	if o.URL != nil {
		out.IP = o.URL.Address.GetIP()
	}
	out.Region, out.Zone = domain(o.Domain)
	if len(o.Attributes) > 0 {
		out.Attributes = make([]tasks.Attribute, len(o.Attributes))
		for i := range o.Attributes {
			out.Attributes[i] = tasks.Attribute{Name: o.Attributes[i].Name, Value: attribute(&o.Attributes[i])}
		}
	}
	return out
}

func domain(info *mesos.DomainInfo) (region, zone string) {
	if info == nil || info.FaultDomain == nil {
		return "", ""
	}
	return info.FaultDomain.Region.Name, info.FaultDomain.Zone.Name
}

// attribute is the value as text, in the form of the DC/OS SDK (AttributeStringUtils): a scalar with three decimals,
// ranges as [1-2,5-6], a set as {a,b}.
func attribute(a *mesos.Attribute) string {
	switch a.Type {
	case mesos.SCALAR:
		return strconv.FormatFloat(a.GetScalar().GetValue(), 'f', 3, 64)
	case mesos.RANGES:
		var parts []string
		for _, span := range a.GetRanges().GetRange() {
			parts = append(parts, fmt.Sprintf("%d-%d", span.Begin, span.End))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case mesos.SET:
		return "{" + strings.Join(a.GetSet().GetItem(), ",") + "}"
	}
	return a.GetText().GetValue()
}
