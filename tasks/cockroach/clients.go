package cockroach

import "strconv"

// clientFlags end the command line of each client: whom it talks to, and that nothing is encrypted.
func clientFlags(v Version, at Address) []string {
	if v.Has(ClientHostPort) {
		return []string{"--insecure", "--host=" + at.String()}
	}
	return []string{"--insecure", "--host=" + at.Host, "--port=" + strconv.Itoa(at.Port)}
}

// NodeStatusCommand is the argument list that asks the node at address at what it knows of the node with this id;
// ReadNodeStatus reads the answer. Without --decommission a dead node that is being decommissioned is left out.
func NodeStatusCommand(v Version, at Address, id int) []string {
	args := []string{"node", "status", strconv.Itoa(id), "--decommission", "--format=csv"}
	return append(args, clientFlags(v, at)...)
}

// DecommissionCommand is the argument list that takes the dead node with this id out of the cluster, by way of the live
// node at address at; ReadDecommission reads the answer. It marks the node and does not wait for its copies to be made
// anew elsewhere. The releases that check beforehand whether the rest can take over the data are told not to: the dead
// node's data is out of reach either way, and a check that refuses would keep the cluster short of copies for ever.
func DecommissionCommand(v Version, at Address, id int) []string {
	args := []string{"node", "decommission", strconv.Itoa(id), "--wait=none"}
	if v.Has(DecommissionChecks) {
		args = append(args, "--checks=skip")
	}
	args = append(args, "--format=csv")
	return append(args, clientFlags(v, at)...)
}
