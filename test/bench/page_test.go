package bench

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// about is what stands above the table in docs/reference/figures.md.
const about = `# Figures

Written by %[1]smake figures%[1]s. The limits are held by %[1]smake bench%[1]s: counts and memory exactly, times with an allowance of %[2]d
times, because machines are shared (%[1]sBENCH_STRICT=1%[1]s takes the allowance away). test/bench says in its comments how each is
measured. Where several measurements were made, the value is their median, and the spread is the least and the most.

Frames are measured in processor time of the one goroutine that decides. Everything else is time as a user sees it, with the
master, ZooKeeper and the database's stand-in on the same machine.

Machine: %[3]s.

| Figure | Measured | Spread | Limit | Unit | |
|---|---|---|---|---|---|
`

// page is the reference page of figures.
func page(figures []figure) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, about, "`", allowance, machine())
	for _, f := range figures {
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n", f.name, number(f.value), f.spread(), f.bound(), f.unit, f.verdict(true))
	}
	return out.Bytes()
}

// machine says what was measured on, and how busy it was: the load tells how far times can be trusted.
func machine() string {
	return fmt.Sprintf("%s, %d cores, %s, load %s", field("/proc/cpuinfo", "model name"), runtime.NumCPU(), runtime.Version(), load())
}

// field is the value of the first line of this name in a file of the kernel's.
func field(file, name string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(data)) {
		if found, value, _ := strings.Cut(line, ":"); strings.TrimSpace(found) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// load is the machine's load average of the last minute.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(data), " ")
	return first
}

func TestThePageHasARowForEachFigure(t *testing.T) {
	text := string(page([]figure{{name: "time", value: 25.25, least: 20, most: 31.5, limit: 20, unit: "ms"}, {name: "calls", unit: "calls", exact: true}}))
	for _, want := range []string{"# Figures\n", "Machine: ", "| time | 25.2 | 20 to 31.5 | <= 20 | ms | MISSED |\n", "| calls | 0 |  | <= 0 | calls | ok |\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
