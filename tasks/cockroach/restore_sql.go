package cockroach

import (
	"fmt"
	"strings"
)

// RestoreSpec is one native restore.
type RestoreSpec struct {
	// Database is the name in the backup.
	Database string
	// As is the new name; empty keeps the old one. The database of the resulting name must not exist.
	As     string
	Source S3URI
	// Subfolder is the backup in the collection; empty means the newest.
	Subfolder string
}

// RestoreStatement starts a native restore and ends at once; ReadJobID reads which job the database made of it. It holds
// keys, as BackupStatement does.
func RestoreStatement(v Version, spec RestoreSpec) (string, error) {
	from, err := backupIn(v, spec.Source, spec.Subfolder)
	if err != nil {
		return "", err
	}
	options := []string{"detached"}
	if spec.As != "" && spec.As != spec.Database {
		if !v.Has(RestoreNewName) {
			return "", fmt.Errorf("CockroachDB %s cannot restore database %q under another name (from v22.1 on): restore it as %q, or into another cluster", v, spec.Database, spec.Database)
		}
		options = append(options, "new_db_name = "+QuoteText(spec.As))
	}
	return fmt.Sprintf("RESTORE DATABASE %s FROM %s WITH %s;\n", QuoteName(spec.Database), from, strings.Join(options, ", ")), nil
}

// backupIn is `'subfolder' IN 'address'` or `LATEST IN 'address'`.
func backupIn(v Version, source S3URI, subfolder string) (string, error) {
	if !v.Has(BackupCollections) {
		return "", fmt.Errorf("CockroachDB %s cannot read native backups of this layout, which came with v20.2: restore them into v20.2 or later", v)
	}
	uri, err := source.Text(v)
	if err != nil {
		return "", err
	}
	switch {
	case subfolder != "":
		return QuoteText(subfolder) + " IN " + QuoteText(uri), nil
	case v.Has(RestoreLatest):
		return "LATEST IN " + QuoteText(uri), nil
	}
	return "", fmt.Errorf("CockroachDB %s cannot name the newest backup of a collection (from v21.1 on): list them with SHOW BACKUPS and name one", v)
}
