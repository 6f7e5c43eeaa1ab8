// Package client asks the scheduler's API over HTTP, through Admin Router of
// DC/OS or directly, and Cosmos for the settings a service was installed with.
// It decides which HTTP statuses are answers and which are failures, and gives
// failures types that say what was asked and what came back.
//
// It never words a remedy (cli does), never retries, never follows a redirect
// to another host, and never shows the token: neither in an error nor in the
// trace of queries.
//
// Read next: cli/cluster for the target it is given, cli/explain_status.go and
// cli/explain_reach.go for what users are told about its errors.
//
// Designs weighed. A method an endpoint with wire types inside, against paths
// as arguments: commands print most answers as they come, byte for byte, and a
// type between would drop what a newer scheduler adds.
package client
