// Package universe builds the DC/OS package of the service: the programs, the four files of the package, the files that
// `dcos package repo add` reads, and a folder that holds all of it for a web server.
//
// It decides the names of the files, their sums and addresses, and whether the package keeps the rules of the Universe.
// It never uploads anything, and downloads nothing: the archive of the database is an address, or a file that is there
// already. Two builds of one commit with the same arguments are the same in every byte: programs carry no paths and no
// build ids, archives and files no times.
//
// The sources of the package are in the folder package. What stands between << and >> in them is filled in here; what
// stands between {{ and }} is filled in by DC/OS with the operator's options. The module test/universe renders them as DC/OS
// does and holds every option against the scheduler's table of settings.
//
// Designs weighed: generating config.json from the scheduler's table of settings. The table has no titles, no old names and
// no units that a form can bound, so most of it would be said twice anyway; a test compares defaults and bounds instead.
//
// Read next: build.go (the order of the work), programs.go (what is compiled), fill.go (the package's files), rules.go (what
// the Universe asks of them), stub.go (what DC/OS reads).
package universe
