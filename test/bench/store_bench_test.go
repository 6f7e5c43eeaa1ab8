package bench

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
)

// BenchmarkFileStore is one record written and synced in a file that holds a service of this many nodes. A step costs
// two of them, so this tells how much of the figure is the disk.
func BenchmarkFileStore(b *testing.B) {
	for _, nodes := range []int{3, 30} {
		b.Run(fmt.Sprintf("nodes=%d", nodes), func(b *testing.B) {
			kept, err := store.Open(b.Context(), "file://"+filepath.Join(b.TempDir(), "state"), "dcos-service-cockroachdb")
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = kept.Close() })
			if _, err := kept.Load(b.Context()); err != nil {
				b.Fatal(err)
			}
			record := bytes.Repeat([]byte("a record "), 400)
			write := func(keys int, value string) {
				set := map[string][]byte{}
				for i := range keys {
					set[fmt.Sprint("records/", i)] = append([]byte(value), record...)
				}
				if err := kept.Apply(b.Context(), store.Batch{Set: set}); err != nil {
					b.Fatal(err)
				}
			}
			write(nodes, "first ")
			for n := 0; b.Loop(); n++ {
				write(1, fmt.Sprint(n))
			}
		})
	}
}
