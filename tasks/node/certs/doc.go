// Package certs gets and keeps the certificates of a secure task: it makes keys, has the scheduler sign, writes the folders that
// the database and its clients read, looks at what new connections are given, and tells the scheduler (ADR 0017).
//
// It decides when a certificate may be used (key, names, purpose and chain have to fit), what a crash may leave on disk, and
// whether what was written is in force. It never decides who gets a certificate, for how long, or whose turn it is: the scheduler
// does. It sends no signal and runs no process by itself, and never writes to the volume.
//
// Read in this order: enrol.go (the first certificates of a launch), keeper.go (the loop beside a running database), inforce.go
// (what it sees there), folder.go (the files). What comes from outside is read in parse.go and held to the rules in issued.go.
//
// # A folder is replaced whole
//
// The name that --certs-dir gives is a symbolic link to a folder that never changes. New files go to a new folder, which is synced,
// and then one rename turns the link: at each moment the name shows one matching set, whoever dies when. Writing into the folder
// in place was weighed: key and certificate are two renames, and a reload between them fails. The former folder is removed
// afterwards. The database follows the link at each reload (seen of v20.1.5).
//
// # What is in force
//
// The database says nothing about its certificates that a stranger could read, but it shows them: new connections to its SQL port
// get the leaf, and in the server's wish for a client's certificate the names of the authorities that it trusts (seen of v20.1.5;
// Go's TLS sends them whenever a server verifies clients against a list). The HTTP port shows the leaf alone. Both are asked,
// because they are reloaded apart. Reading the metric security_certificate_expiration_node was weighed: it does not tell two
// certificates of one second apart, and nothing of trust but one date.
//
// # Lost answers
//
// A token or a renewal is bound to the key that comes with it, so every try for the same certificate goes with the same keys.
package certs
