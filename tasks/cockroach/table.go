package cockroach

// Capability is one thing that some releases can do and others cannot.
type Capability string

// The capabilities that the service depends on. Their meaning and source is in the table below.
const (
	ListenAddr      Capability = "listen-addr"
	ListenHost      Capability = "listen-host"
	AdvertisePort   Capability = "advertise-port"
	ClientHostPort  Capability = "client-host-port"
	SecondTermKills Capability = "second-sigterm-kills"
	OneMinuteDrain  Capability = "one-minute-drain"
	ExitCodes       Capability = "exit-codes"
	ExitDiskFull    Capability = "exit-disk-full"
	FatalExits255   Capability = "fatal-exits-255"

	FinalDecommission  Capability = "final-decommission"
	DecommissionChecks Capability = "decommission-checks"

	DumpData          Capability = "dump-data"
	BackupCollections Capability = "backup-collections"
	FullBackupFree    Capability = "full-backup-free"
	RestoreLatest     Capability = "restore-latest"
	ShowBackupFrom    Capability = "show-backup-from"
	RestoreNewName    Capability = "restore-new-name"
	BackupCheckFiles  Capability = "backup-check-files"
	S3SessionToken    Capability = "s3-session-token"
	S3Implicit        Capability = "s3-implicit"
	S3PathStyle       Capability = "s3-path-style"
	UnsafeInternals   Capability = "unsafe-internals"
)

// Span is a half-open range of releases: Since belongs to it, Until does not. A zero Until means "to this day".
type Span struct {
	Since, Until Version
}

// Row is one fact about CockroachDB by version.
type Row struct {
	Name Capability
	// Spans are the releases that have the capability. Several spans are needed where patch releases of older lines got it.
	Spans []Span
	// Means says what it is in a few words.
	Means string
	// Source names where the fact was read: source tags, release notes (R), docs pages (D) or a transcript (T, v20.1.5).
	Source string
}

func from(since string) Span { return Span{Since: must(since)} }

func span(since, until string) Span { return Span{Since: must(since), Until: must(until)} }

// Table is the one place that knows what differs from release to release. Pre-releases sort before their release, so a row
// that begins with v20.1.0 does not hold for v20.1.0-rc.1.
var Table = []Row{
	{ListenHost, []Span{span("v2.0.0", "v2.1.0")}, "start takes --host --port --advertise-host --http-host --http-port; later releases only as deprecated aliases", "flags.go at v2.0.7; deprecated aliases from v2.1"},
	{ListenAddr, []Span{from("v2.1.0")}, "start takes --listen-addr --advertise-addr --http-addr as host:port", "flags.go at v2.1.9; D:2.1/start-a-node"},
	{AdvertisePort, []Span{span("v2.0.0", "v2.1.0")}, "hidden flag --advertise-port, needed when it differs from --port", "flags.go at v2.0.7"},
	{ClientHostPort, []Span{from("v2.1.0")}, "init and other clients take --host=host:port; before, --host and --port", "D:2.1/initialize-a-cluster"},
	{SecondTermKills, []Span{span("v2.0.0", "v20.2.0")}, "a second SIGTERM during the drain stops the process at once", "start.go at v2.0.7 to v20.1.5; T:07"},
	{OneMinuteDrain, []Span{span("v2.0.0", "v19.2.6")}, "the process itself stops hard after one minute of draining", "start.go at v19.2.5, v19.2.6"},
	{ExitCodes, []Span{span("v20.2.4", "v21.1.0-alpha"), from("v21.1.0")}, "exit codes tell apart interrupt, bad flag, log failure and fatal error", "R:20.2.4 (#56724), R:21.1.0-alpha.1 (#56574)"},
	{ExitDiskFull, []Span{from("v21.2.0")}, "exit code 10 means that the store's disk is full", "R:21.2.0-beta.1"},
	{FatalExits255, []Span{span("v2.0.0", "v20.2.4")}, "a fatal error ends the process with 255", "util/log at v2.0.7 to v20.1.5"},
	{FinalDecommission, []Span{from("v20.2.0")}, "a node that was decommissioned and holds no data is marked decommissioned for good, by the client that finds it so; before, it stays decommissioning for ever", "node.go at v20.1.5 and of September 2020; T:05"},
	{DecommissionChecks, []Span{from("v23.1.0")}, "node decommission looks first whether the rest can take over the data, unless told --checks=skip", "D:23.1/cockroach-node"},
	{DumpData, []Span{span("v2.0.0", "v21.1.0-alpha")}, "dump writes schema and data; v21.1 only the schema, later releases have no dump", "R:21.1.0-beta.1 (#61871), D:21.1/cockroach-dump"},
	{BackupCollections, []Span{from("v20.2.0")}, "BACKUP INTO, SHOW BACKUPS IN, SHOW BACKUP … IN, RESTORE FROM … IN, WITH detached", "D:20.2/backup, show-backup; syntax error at v20.1.5"},
	{FullBackupFree, []Span{from("v20.2.0")}, "full backups and all restores need no licence; incremental ones do", "R:20.2.0; v20.1.5 answers XXC02"},
	{RestoreLatest, []Span{from("v21.1.0")}, "RESTORE FROM LATEST IN", "D:21.1/restore"},
	{ShowBackupFrom, []Span{from("v22.1.0")}, "SHOW BACKUP FROM … IN; before, without FROM", "D:20.2, 22.1/show-backup"},
	{RestoreNewName, []Span{from("v22.1.0")}, "RESTORE DATABASE … WITH new_db_name", "D:22.1/restore"},
	{BackupCheckFiles, []Span{from("v22.2.0")}, "SHOW BACKUP … WITH check_files looks whether all files are there", "D:22.2/show-backup"},
	{S3SessionToken, []Span{span("v2.1.4", "v19.1.0-alpha"), from("v19.1.0")}, "S3 addresses take AWS_SESSION_TOKEN", "R:2.1.4, 19.1"},
	{S3Implicit, []Span{from("v19.2.0")}, "S3 addresses take AUTH=implicit: the node's own role", "R:19.2.0-beta.20190930 (#40836)"},
	{S3PathStyle, []Span{span("v24.1.10", "v24.2.0-alpha"), span("v24.2.8", "v24.3.0-alpha"), span("v24.3.3", "v25.1.0-alpha"), from("v25.1.0")}, "S3 addresses take AWS_USE_PATH_STYLE; before, an endpoint of one's own means path style", "R:24.3.3, 25.1 (no-op in 24.1.10, 24.2.8)"},
	{UnsafeInternals, []Span{from("v25.4.0")}, "crdb_internal and system are read only with the session setting allow_unsafe_internals", "R:25.4.0-alpha.1, R:26.1"},
}

// Has reports whether v has the capability. Asking for one that is not in the table is a fault of the program; a test
// checks that all constants have a row.
func (v Version) Has(c Capability) bool {
	for _, row := range Table {
		if row.Name != c {
			continue
		}
		for _, s := range row.Spans {
			if !v.Less(s.Since) && (s.Until.IsZero() || v.Less(s.Until)) {
				return true
			}
		}
		return false
	}
	panic("cockroach: no row for capability " + string(c))
}
