package model

func (m *Model) masterFailover(masterID string) {
	for _, f := range m.frameworkOrder {
		if f.stream != "" {
			m.emit(CloseStream{StreamID: f.stream})
		}
		f.stream = ""
		f.epoch++
	}
	if masterID == "" {
		masterID = m.uuid().String()
	}
	m.forget()
	m.masterID, m.elected = masterID, m.now
	for _, a := range m.agentOrder {
		a.offers = nil
		if !a.isRegistered() && a.conn != recovered {
			continue // unreachable agents are in the registry; unregistered ones nowhere
		}
		a.setConn(recovered)
		epoch := a.epoch
		if a.running {
			m.after(m.options.AgentReregisterDelay, func() {
				if a.epoch == epoch && a.running {
					m.reregister(a)
				}
			})
		}
		m.after(m.options.AgentReregisterTimeout, func() {
			if a.epoch == epoch {
				m.becomeUnreachable(a)
			}
		})
	}
}

// reregister brings an agent back that the new master knows from the registry only.
func (m *Model) reregister(a *agent) {
	a.setConn(up)
	m.adoptTasks(a, false)
	a.recount()
	m.allocate([]*agent{a})
	m.resume(a)
}

// recoverFramework makes the record of a framework a new master learns of from an agent before the framework itself is back.
func (m *Model) recoverFramework(e *executor) *framework {
	f := newFramework(e.key.framework, *e.owner)
	m.frameworks[f.id] = f
	m.frameworkOrder = append(m.frameworkOrder, f)
	m.expireUnlessBack(f)
	return f
}
