package sim

import (
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// faultsOfMaster are what happens to the master and on the way to and from it.
var faultsOfMaster = map[string]operation{
	"failover":   {weight: 2, do: failover},
	"disconnect": {weight: 2, do: disconnect},
	"lose":       {weight: 3, do: lose},
	"drop":       {weight: 3, do: drop},
	"repeat":     {weight: 3, do: repeat},
	"late":       {weight: 3, do: late},
	"rescind":    {weight: 2, do: rescind},
}

func failover(l *Life, _ Op) (bool, error) {
	l.returned = true
	return l.with(func(m *model.Model, now time.Time) error { m.MasterFailover(now, ""); return nil }), nil
}

func disconnect(l *Life, _ Op) (bool, error) {
	l.Disconnect()
	return true, nil
}

// lose loses one of the next calls.
func lose(l *Life, op Op) (bool, error) {
	l.losses = append(l.losses, op.Arg%12)
	return true, nil
}

// drop loses one of the next updates.
func drop(l *Life, op Op) (bool, error) {
	l.drops = append(l.drops, op.Arg%12)
	return true, nil
}

// repeat has one of the next updates arrive twice.
func repeat(l *Life, op Op) (bool, error) {
	l.repeats = append(l.repeats, op.Arg%12)
	return true, nil
}

// late holds back what comes from the master: offers are answered when they are stale.
func late(l *Life, op Op) (bool, error) {
	l.Slow = l.Now().Add(time.Duration(op.Arg) * time.Second / 2)
	return true, nil
}

// rescind takes all offers back; half of the time they are on their way.
func rescind(l *Life, op Op) (bool, error) {
	if op.Arg%2 == 0 {
		l.Slow = l.Now().Add(3 * time.Second)
		if _, err := l.Run(never, 2*time.Second); err != nil {
			return false, err
		}
	}
	return l.Maintain(l.schedule...) == nil, nil
}
