package cockroach

import "strconv"

// Access is how a client command gets to a node.
type Access struct {
	At Address
	// CertsDir is the folder with ca.crt, client.root.crt and client.root.key, as the command sees it; empty for a cluster without
	// certificates. A node that was started the other way refuses the command (T:11).
	CertsDir string
}

// clientFlags end the command line of each client: whom it talks to, and as whom. The user is root everywhere: by name for
// SQL, and by the certificate's name for the rest, which take no --user.
func clientFlags(v Version, to Access) []string {
	if v.Has(ClientHostPort) {
		return []string{securityFlag(to.CertsDir), "--host=" + to.At.String()}
	}
	return []string{securityFlag(to.CertsDir), "--host=" + to.At.Host, "--port=" + strconv.Itoa(to.At.Port)}
}

// securityFlag says where certificates are, or that there are none; every release and every command takes both.
func securityFlag(certsDir string) string {
	if certsDir == "" {
		return "--insecure"
	}
	return "--certs-dir=" + certsDir
}

// NodeStatusCommand is the argument list that asks the node at to.At what it knows of the node with this id;
// ReadNodeStatus reads the answer. Without --decommission a dead node that is being decommissioned is left out.
func NodeStatusCommand(v Version, to Access, id int) []string {
	args := []string{"node", "status", strconv.Itoa(id), "--decommission", "--format=csv"}
	return append(args, clientFlags(v, to)...)
}

// DecommissionCommand is the argument list that takes the dead node with this id out of the cluster, by way of the live
// node at to.At; ReadDecommission reads the answer. It marks the node and does not wait for its copies to be made
// anew elsewhere. The releases that check beforehand whether the rest can take over the data are told not to: the dead
// node's data is out of reach either way, and a check that refuses would keep the cluster short of copies for ever.
func DecommissionCommand(v Version, to Access, id int) []string {
	args := []string{"node", "decommission", strconv.Itoa(id), "--wait=none"}
	if v.Has(DecommissionChecks) {
		args = append(args, "--checks=skip")
	}
	args = append(args, "--format=csv")
	return append(args, clientFlags(v, to)...)
}
