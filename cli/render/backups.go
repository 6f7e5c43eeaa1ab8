package render

import (
	"io"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
)

// Backups writes a table of the backups in a bucket. Errors are those of w.
func Backups(w io.Writer, backups []wire.Backup) error {
	var rows [][]string
	for _, b := range backups {
		rows = append(rows, backupRow(b))
	}
	return Table(w, []string{"backup dir", "database", "shows", "method", "version", "tables", "rows", "size", "stored", "remarks"}, rows)
}

func backupRow(b wire.Backup) []string {
	row := []string{b.BackupDir, b.Database, "-", b.Method, "-", "-", "-", "-", "-", b.Fault}
	if b.Stored > 0 {
		row[8] = Size(b.Stored)
	}
	if !b.Manifest {
		// What is known is when it was put there, which is later than what it shows.
		if b.Made != nil {
			row[2] = "before " + Moment(*b.Made)
		}
		if row[9] == "" {
			row[9] = "no manifest: nothing is known of its contents"
		}
		return row
	}
	if b.Snapshot != nil {
		row[2] = Moment(*b.Snapshot)
	}
	if b.Version != "" {
		row[4] = b.Version
	}
	row[5], row[6], row[7] = Count(int64(b.Tables)), Count(b.Rows), Size(b.Bytes)
	return row
}
