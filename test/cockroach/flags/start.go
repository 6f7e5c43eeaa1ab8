package flags

// startRules is the flag table of `start` and `start-single-node`.
// Source: cockroachdb-versions.md, section 1.1.
var startRules = []rule{
	{"insecure", "", boolean, []span{always}},
	{"certs-dir", "", text, []span{always}},
	{"join", "j", list, []span{always}},
	{"store", "s", storeSpec, []span{always}},
	{"cache", "", size, []span{always}},
	{"max-sql-memory", "", size, []span{always}},
	{"locality", "", locality, []span{always}},
	{"attrs", "", text, []span{always}},
	{"max-offset", "", duration, []span{always}},
	{"pid-file", "", text, []span{always}},
	{"listening-url-file", "", text, []span{always}},
	{"background", "", boolean, []span{always}},
	{"temp-dir", "", text, []span{always}},
	{"external-io-dir", "", text, []span{always}},
	{"max-disk-temp-storage", "", size, []span{always}},
	{"vmodule", "", text, []span{always}},

	// The spelling of 2.0. Newer versions keep it, out of the help.
	{"host", "", text, []span{always.until(2, 1, 0), since(2, 1, 0, hidden)}},
	{"port", "p", port, []span{always.until(2, 1, 0), since(2, 1, 0, hidden)}},
	{"advertise-host", "", text, []span{always.until(2, 1, 0), since(2, 1, 0, hidden)}},
	{"http-host", "", text, []span{always.until(2, 1, 0), since(2, 1, 0, hidden)}},
	{"http-port", "", port, []span{always.until(2, 1, 0), since(2, 1, 0, hidden)}},
	{"advertise-port", "", port, []span{since(2, 0, 0, hidden)}},

	{"listen-addr", "", hostPort, []span{since(2, 1, 0)}},
	{"advertise-addr", "", hostPort, []span{since(2, 1, 0)}},
	{"http-addr", "", hostPort, []span{since(2, 1, 0)}},
	{"locality-advertise-addr", "", list, []span{since(2, 1, 0)}},

	{"sql-addr", "", hostPort, []span{since(19, 2, 0)}},
	{"advertise-sql-addr", "", hostPort, []span{since(19, 2, 0)}},
	{"cluster-name", "", text, []span{since(19, 2, 0)}},
	{"disable-cluster-name-verification", "", boolean, []span{since(19, 2, 0)}},
	{"temp-engine", "", text, []span{since(19, 2, 0, hidden).until(20, 1, 0)}},

	{"storage-engine", "", text, []span{since(20, 1, 0).until(25, 2, 0)}},
	{"socket", "", text, []span{since(2, 0, 0, hidden).until(20, 1, 0), since(20, 1, 0, deprecated).until(20, 2, 0)}},
	{"socket-dir", "", text, []span{since(20, 1, 0)}},
	{"unencrypted-localhost-http", "", boolean, []span{since(20, 1, 0)}},
	{"experimental-dns-srv", "", boolean, []span{since(20, 1, 0)}},
	{"cert-principal-map", "", list, []span{since(20, 1, 0)}},
	{"clock-device", "", text, []span{since(20, 1, 0)}},
	{"external-io-disable-http", "", boolean, []span{since(20, 1, 0)}},
	{"external-io-disable-implicit-credentials", "", boolean, []span{since(20, 1, 0)}},

	{"spatial-libs", "", text, []span{since(20, 2, 0)}},
	{"accept-sql-without-tls", "", boolean, []span{since(20, 2, 0)}},

	{"logtostderr", "", severity, logSpans},
	{"log-dir", "", text, logSpans},
	{"log-file-max-size", "", size, logSpans},
	{"log-file-verbosity", "", text, logSpans},
	{"no-color", "", boolean, logSpans},
	{"sql-audit-dir", "", text, logSpans},
	{"log-dir-max-size", "", size, []span{always.until(20, 2, 0), since(20, 2, 0, deprecated).until(21, 1, 0)}},
	{"log-group-max-size", "", size, []span{since(20, 2, 0).until(21, 1, 0), since(21, 1, 0, deprecated).until(23, 1, 0), since(23, 1, 0)}},
	{"log", "", text, []span{since(21, 1, 0)}},
	{"log-config-file", "", text, []span{since(21, 1, 0)}},

	{"max-tsdb-memory", "", size, []span{since(22, 1, 0)}},
	{"advertise-http-addr", "", hostPort, []span{since(22, 1, 1)}},
	{"max-go-memory", "", size, []span{since(23, 1, 0)}},
	{"wal-failover", "", text, []span{since(24, 1, 0)}},
	{"root-cert-distinguished-name", "", text, []span{since(24, 1, 0)}},
	{"node-cert-distinguished-name", "", text, []span{since(24, 1, 0)}},
	{"locality-file", "", text, []span{since(24, 1, 4)}},
	{"tls-cipher-suites", "", list, []span{since(25, 2, 0)}},
}

// logSpans: shown, deprecated from 21.1 to 22.2, shown again.
var logSpans = []span{always.until(21, 1, 0), since(21, 1, 0, deprecated).until(23, 1, 0), since(23, 1, 0)}
