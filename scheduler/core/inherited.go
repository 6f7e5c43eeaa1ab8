package core

import "github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"

// Inherited is what a takeover of an older installation leaves for later (scheduler/takeover). The zero value means that nothing
// was taken over.
type Inherited struct {
	// Kept is the name under which the former state was put aside.
	Kept string `json:"kept,omitempty"`
	// Unlabelled are the resource ids of reservations that are ours although they carry no label with our framework's id: older
	// releases of the SDK wrote none. They were read from the former state, so no other framework's can be among them.
	Unlabelled []string `json:"unlabelled,omitempty"`
	// Leftovers are the resource ids of reservations that belong to no record. They stay as long as the former state is kept,
	// so that going back finds them.
	Leftovers []string `json:"leftovers,omitempty"`
	// Tasks are the ids of the tasks that were taken over, by task: another id means that we launched it.
	Tasks map[string]string `json:"tasks,omitempty"`
}

// Encode is everything that Decode reads back, as the first write of a store.
func Encode(facts Facts) map[string][]byte {
	write := changes(Facts{}, facts)
	if write == nil {
		return map[string][]byte{}
	}
	facts.Journal.store(write)
	return write.Set
}

// inheritedIDs are the resource ids that count as ours without a framework's label, and those that are left alone for now.
func (f *frame) inheritedIDs() (ours, kept map[string]bool) {
	ours, kept = map[string]bool{}, map[string]bool{}
	for _, id := range f.Facts.Inherited.Unlabelled {
		ours[id] = true
	}
	if f.Settings.FormerKept {
		for _, id := range f.Facts.Inherited.Leftovers {
			kept[id] = true
		}
	}
	return ours, kept
}

// learnCluster takes the cluster's id from nodes that were taken over: no helper of ours runs beside them, so nobody reports it
// before the first of them is launched anew. Nodes that disagree teach nothing.
func (f *frame) learnCluster(e DatabaseSeen) {
	if !f.Facts.Cluster.Initialised || f.Facts.Cluster.ID != "" {
		return
	}
	id, by := "", ""
	for _, node := range e.Nodes {
		record := f.Facts.Records[node.Task]
		switch {
		case node.ClusterID == "" || record == nil || record.TaskID != node.TaskID || record.Pod.Type != tasks.NodePod:
		case id != "" && id != node.ClusterID:
			return
		default:
			id, by = node.ClusterID, node.Task
		}
	}
	if id != "" {
		f.knownCluster(id, by)
	}
}
