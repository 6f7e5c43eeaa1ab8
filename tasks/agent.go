package tasks

// Agent is what an offer tells of the machine behind it, kept with the record of everything launched there.
type Agent struct {
	ID       string `json:"id"`
	Hostname string `json:"hostname"`
	// IP is the agent's own address as the master knows it; empty when the offer named none.
	IP string `json:"ip,omitempty"`
	// Attributes in the order of the offer.
	Attributes []Attribute `json:"attributes,omitempty"`
	// Region and Zone of the fault domain, empty on clusters without.
	Region string `json:"region,omitempty"`
	Zone   string `json:"zone,omitempty"`
}

// Attribute is one attribute of an agent with its value as text: a scalar with three decimals, ranges as
// [1-2,5-6], a set as {a,b} (the form of the DC/OS SDK, so that placement rules read the same).
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Attribute gives the value of the first attribute of that name.
func (a Agent) Attribute(name string) (string, bool) {
	for _, attribute := range a.Attributes {
		if attribute.Name == name {
			return attribute.Value, true
		}
	}
	return "", false
}
