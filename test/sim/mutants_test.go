package sim_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/sim"
)

var allMutants = flag.Bool("mutants", false, "try all broken builds, not only the quick ones")

// TestInvariantsCanFail has each invariant catch a build that is broken on purpose. Of those that take long it only sees, without
// -mutants, that they can still be made.
func TestInvariantsCanFail(t *testing.T) {
	caught := map[string]bool{}
	for _, mutant := range sim.Mutants {
		caught[mutant.Invariant] = true
		t.Run(strings.ReplaceAll(mutant.Name, " ", "-"), func(t *testing.T) {
			overlay := overlayOf(t, mutant)
			if mutant.Quick || *allMutants {
				tryMutant(t, mutant, overlay)
			}
		})
	}
	for _, invariant := range sim.Invariants {
		if !caught[invariant.Name] {
			t.Errorf("no broken build shows that %s can fail", invariant.Name)
		}
	}
}

// root is the repository, seen from this package.
const root = "../.."

// overlayOf writes the changed source beside the repository.
func overlayOf(t *testing.T, mutant sim.Mutant) string {
	t.Helper()
	path, source := sourceOf(t, mutant)
	changed := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(changed, []byte(strings.Replace(source, mutant.Old, mutant.New, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(map[string]map[string]string{"Replace": {path: changed}})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(overlay, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return overlay
}

// sourceOf finds the one file that holds what is to be changed.
func sourceOf(t *testing.T, mutant sim.Mutant) (path, source string) {
	t.Helper()
	folder, err := filepath.Abs(filepath.Join(root, mutant.Package))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(data), mutant.Old); n > 0 && !strings.HasSuffix(file, "_test.go") {
			path, source, found = file, string(data), found+n
		}
	}
	if found != 1 {
		t.Fatalf("%s holds %q %d times, want once: the broken build has to follow the code", mutant.Package, mutant.Old, found)
	}
	return path, source
}

var brokenName = regexp.MustCompile(`seed (\d+): invariant ([a-z-]+): `)

func tryMutant(t *testing.T, mutant sim.Mutant, overlay string) {
	t.Helper()
	n := mutant.Histories
	if n == 0 {
		n = 400
	}
	began := time.Now()
	// An unused name is no matter in a build that is broken anyway, so vet is off.
	run := exec.Command("go", "test", "-vet=off", "-count=1", "-overlay", overlay, "-run", "^TestRandomHistories$", ".", "-args",
		fmt.Sprint("-histories=", n), "-seed=1", "-shrink=0", "-trace=0", "-environ="+mutant.Environ)
	out, err := run.CombinedOutput()
	if err == nil {
		t.Fatalf("%d histories do not notice it", n)
	}
	found := brokenName.FindStringSubmatch(string(out))
	if found == nil {
		t.Fatalf("it fails in another way:\n%s", out)
	}
	if found[2] != mutant.Invariant {
		t.Errorf("seed %s: caught by %s, want %s", found[1], found[2], mutant.Invariant)
	}
	t.Logf("caught by %s, seed %s, in %s", found[2], found[1], time.Since(began).Round(100*time.Millisecond))
}
