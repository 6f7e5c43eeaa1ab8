// Package cluster finds out where the scheduler is: from flags, from the
// environment the dcos CLI hands to a plug-in, or from the dcos.toml of the
// attached cluster. It decides addresses, token, TLS settings, the service's
// name and the time limit, and reports every fault of these at once.
//
// It never opens a connection, never runs another program, and never mixes
// two clusters: when DCOS_URL is set, only the file of that very address is
// read, so that the token of the attached cluster cannot travel to another one.
//
// Read next: cli/client, which talks to what was found here.
//
// Designs weighed. Asking "dcos config show" for every key, as SDK plug-ins
// do when they find no file: it needs dcos in PATH and costs a process a key,
// and a file that dcos itself reads holds the same. One look-up a key over
// environment and file, as the SDK does: it can pair the URL of one cluster
// with the token of another.
package cluster
