package zktest

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// The places where Debian's packages put the server. The first jar's manifest names all the others it needs, but for the
// logging back-end, without which the server would not say why it does not start.
const (
	serverJar  = "/usr/share/java/zookeeper.jar"
	loggingJar = "/usr/share/java/slf4j-simple.jar"
)

// ClasspathVariable names the environment variable with a class path of another ZooKeeper to test against.
const ClasspathVariable = "ZOOKEEPER_CLASSPATH"

// find returns the java binary and the server's class path.
func find() (java, classpath string, err error) {
	java, err = exec.LookPath("java")
	if err != nil {
		return "", "", fmt.Errorf("java is not installed: %w", err)
	}
	if cp := os.Getenv(ClasspathVariable); cp != "" {
		return java, cp, nil
	}
	if _, err := os.Stat(serverJar); err != nil {
		return "", "", fmt.Errorf("ZooKeeper is not installed: %w", err)
	}
	return java, serverJar + ":" + loggingJar, nil
}

// Require ends the test unless a ZooKeeper server can be started: skipped on a developer's machine, failed under CI=true.
func Require(tb testing.TB) {
	tb.Helper()
	_, _, err := find()
	if err == nil {
		return
	}
	const remedy = "install it with: apt-get install zookeeper"
	if os.Getenv("CI") == "true" {
		tb.Fatalf("this test needs a real ZooKeeper: %v; %s", err, remedy)
	}
	tb.Skipf("SKIPPED, NOT TESTED: this test needs a real ZooKeeper: %v; %s", err, remedy)
}
