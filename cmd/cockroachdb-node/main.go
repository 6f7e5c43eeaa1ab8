package main

import (
	"os"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/node/command"
)

// version is set at build time with -ldflags "-X main.version=…".
var version = "dev"

func main() { os.Exit(command.Main(version)) }
