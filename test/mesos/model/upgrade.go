package model

import "time"

// Upgrade replaces the master and the agents by those of another version, as a fail-over of the master with agents that come
// back under their ids. Tasks run on. An empty masterID means a new one.
func (m *Model) Upgrade(now time.Time, version, masterID string) {
	m.touch(now)
	m.options.Version, m.edition = version, editionOf(version)
	m.masterFailover(masterID)
}
