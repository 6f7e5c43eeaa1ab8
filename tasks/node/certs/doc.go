// Package certs gets and keeps the certificates of a secure task: it makes keys, has the scheduler sign, writes the folders in
// memory that the database and its clients read, looks at what new connections are given, and tells the scheduler (ADR 0017).
//
// It decides when a certificate may be used (key, names, purpose and chain have to fit), where keys are, what a crash may leave and
// who removes it, and whether what was written is in force. It never decides who gets a certificate, for how long, or whose turn it
// is: the scheduler does. It sends no signal and runs no process by itself, and never writes to the volume.
//
// Read in this order: enrol.go (the first certificates of a launch), keeper.go (the loop beside a running database), inforce.go
// (what it sees there), memory.go and sweep.go (where the folders are, and who removes them), place.go and folder.go (the files).
// What comes from outside is read in parse.go and held to the rules in issued.go.
//
// # Where keys are
//
// In /dev/shm/cockroachdb-node-<random>, 0700, one folder a launch. Designs weighed:
//
//   - the sandbox: Mesos' agents serve each of its files over HTTP, read as root whatever its mode, to whoever may look at sandboxes
//     (on open DC/OS everybody who is logged in), and keep it for days after the task. Links that lead out of it are followed too,
//     so that nothing in it may lead to a key.
//   - the volume: it outlives the launch and its keys, lies on a disk that changes hands, and shows in the sandbox.
//   - memfd, /proc/self/fd: no name to be found by, but the database wants a folder, checks modes in it, and reads it again at each
//     reload; every client command would have to inherit it.
//   - tmpfs, taken: a folder like any other, gone at the latest when the machine restarts, outside of what Mesos serves. It takes
//     memory, some 30 kB and twice that while a certificate is replaced, which counts against the container's. Pages may be swapped
//     out where the machine has swap.
//
// Where there is no tmpfs at /dev/shm that the task's user can write to, the sandbox is used after all, with a warning. One that is
// full is an error: else whoever can fill it would choose where keys are written.
//
// The authorities, which are public, are in the sandbox's ca.crt for the checks: Mesos runs these in a container of their own, which
// may have a /dev/shm of its own.
//
// The helper removes its folder when it ends. One that is killed cannot, so each holds a lock (flock) on a file in its folder, which
// the kernel lets go with the process, and each start removes the folders of its user that nobody holds. Nothing else tells the
// living from the dead: process ids differ between containers, times say nothing. A folder is used once its lock is held and still
// in place, and removed by who holds its lock, keys first; so neither two starts at once nor a kill at any moment can remove what
// is in use, or lose sight of a key.
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
