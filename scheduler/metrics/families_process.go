package metrics

func processFamilies() []family {
	return []family{
		{name: "lock_held", prom: "lock_held", kind: truth, read: lockHeld,
			help: "1 while this process may act: it holds the lock of the service."},
		{name: "lock_age", prom: "lock_seconds", kind: gauge, read: lockAge,
			help: "Seconds since this process took the lock of the service."},
		{name: "lock_left", prom: "lock_left_seconds", kind: gauge, read: lockLeft,
			help: "Seconds until this process stops itself, unless ZooKeeper confirms the lock again; a lock that is not kept in ZooKeeper has none."},
		{name: "store.writes", prom: "store_writes", kind: counter, read: func(f *facts) []sample { return one(f.writes.done) },
			help: "Atomic changes written to the store."},
		{name: "store.keys", prom: "store_written_keys", kind: counter, read: func(f *facts) []sample { return one(f.writes.keys) },
			help: "Keys set or deleted by these changes."},
		{name: "store.bytes", prom: "store_written_bytes", kind: counter, read: func(f *facts) []sample { return one(f.writes.bytes) },
			help: "Bytes of the values written to the store."},
		{name: "store.failures", prom: "store_failures", kind: counter, read: func(f *facts) []sample { return one(f.writes.failed) },
			help: "Changes that could not be written. The process ends on the first."},
		{name: "journal.last", prom: "journal_last_entry", kind: gauge,
			read: func(f *facts) []sample { return one(float64(f.Facts.Journal.Last)) },
			help: "Number of the newest entry of the journal; it goes on over restarts."},
		{name: "journal.unstored", prom: "journal_unstored_entries", kind: gauge,
			read: func(f *facts) []sample { return one(float64(f.Facts.Journal.Last - f.Facts.Journal.Stored)) },
			help: "Entries of the journal that will be stored with the next write."},
		{name: "deployed", prom: "deployed", kind: truth, read: func(f *facts) []sample { return yes(f.Facts.Deployed) },
			help: "1 once the deploy plan was complete for the first time in the service's life."},
		{name: "build", prom: "build_info", kind: gauge, labels: []string{"version", "database_version"}, unnamed: true, read: build,
			help: "1, with the version of the scheduler and the version of CockroachDB that its environment asks for."},
	}
}

func build(f *facts) []sample {
	return []sample{{[]string{f.sources.Version, f.sources.Database}, 1}}
}

func lockHeld(f *facts) []sample {
	if f.sources.Lock == nil {
		return nil
	}
	return yes(f.sources.Lock.Held())
}

func lockAge(f *facts) []sample {
	if f.sources.Lock == nil {
		return nil
	}
	return f.age(f.sources.Lock.Since())
}

func lockLeft(f *facts) []sample {
	if f.sources.Lock == nil {
		return nil
	}
	left, limited := f.sources.Lock.Left()
	if !limited {
		return nil
	}
	return one(max(0, left.Seconds()))
}
