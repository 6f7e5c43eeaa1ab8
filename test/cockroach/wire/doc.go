// Package wire is the stand-in's protocol between processes: one TCP port
// serves gossip, replication, init, SQL, drain and node commands.
//
// A connection starts with TLS, if the server has certificates: at once for RPC, or
// after the eight bytes with which a client of PostgreSQL's protocol asks for it. No
// more of that protocol is spoken. Then comes a greeting line from the client, and
// after it requests and replies in turn, each two lengths (four bytes, big endian: of
// all, and of the JSON), the JSON, and bytes that go along as they are. A peer that
// does not send the greeting is hung up on, the way the real port hangs up on a stray
// HTTP request.
//
// The package moves bytes and never knows what an operation means.
//
// Weighed: gRPC (the real protocol's carrier) would make the binary three times
// as large and its start slower; net/rpc cannot tell a server that its caller
// has gone, which hanging SQL calls need. Read next: package server.
package wire
