package metrics

func masterFamilies() []family {
	return []family{
		{name: "is_connected", prom: "connected", kind: truth, read: func(f *facts) []sample { return yes(f.Link.Connected) },
			help: "1 while the master is connected."},
		{name: "connection_age", prom: "connection_seconds", kind: gauge, read: func(f *facts) []sample { return f.age(f.Link.Since) },
			help: "Seconds since the connection to the master came up, or went down."},
		{name: "master_silence", prom: "master_silence_seconds", kind: gauge, read: heard,
			help: "Seconds since the master was last heard, heartbeats included (it sends one each 15 s)."},
		{name: "reconciling", prom: "reconciliation_tasks_waiting", kind: gauge,
			read: func(f *facts) []sample { return one(float64(len(f.Reconcile.Waiting))) },
			help: "Tasks that the master was asked about after the subscription and has not answered for; nothing is launched before it is 0."},
		{name: "absences", prom: "agents_leaving", kind: gauge, read: func(f *facts) []sample { return one(float64(len(f.Absences))) },
			help: "Agents whose absence the master announced (Mesos maintenance)."},
		{name: "calls_queued", prom: "calls_queued", kind: gauge, read: queued,
			help: "Calls to the master that wait for the one before."},
		{name: "events_queued", prom: "events_queued", kind: gauge, read: inbox,
			help: "Events that wait for the scheduler, 64 at most; the master's stream waits then."},
	}
}

func heard(f *facts) []sample {
	if f.sources.Heard == nil {
		return nil
	}
	return f.age(f.sources.Heard())
}

func queued(f *facts) []sample {
	if f.sources.Queued == nil {
		return nil
	}
	calls, _ := f.sources.Queued()
	return one(float64(calls))
}

func inbox(f *facts) []sample {
	if f.sources.Queued == nil {
		return nil
	}
	_, events := f.sources.Queued()
	return one(float64(events))
}
