package model

import (
	"time"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
)

func (m *Model) disconnect(stream string) {
	for _, f := range m.frameworkOrder {
		if stream == "" || f.stream != stream {
			continue
		}
		f.stream = ""
		m.takeBackOffers(f)
		m.expireUnlessBack(f)
		return
	}
}

// expireUnlessBack removes a framework when its fail-over time passes without a subscription.
func (m *Model) expireUnlessBack(f *framework) {
	epoch := f.epoch
	m.after(failoverTimeout(&f.info), func() {
		if f.epoch == epoch && m.frameworks[f.id] == f {
			m.removeFramework(f)
		}
	})
}

// failoverTimeout is how long a disconnected framework keeps its tasks.
func failoverTimeout(info *mesos.FrameworkInfo) time.Duration {
	return max(0, time.Duration(info.GetFailoverTimeout()*float64(time.Second)))
}

// takeBackOffers frees a framework's offers without telling it: it is not there, or its new stream never saw them. Its
// filters end too, as the allocator drops them with a deactivated framework.
func (m *Model) takeBackOffers(f *framework) {
	clear(f.filters)
	clear(f.inverse)
	for _, o := range m.offersOf(func(o *offer) bool { return o.framework == f }) {
		m.dropOffer(o)
	}
	for id, o := range m.inverseOffers {
		if o.framework == f {
			delete(m.inverseOffers, id)
		}
	}
}

// removeFramework ends a framework for good: TEARDOWN, or its fail-over time has passed.
func (m *Model) removeFramework(f *framework) {
	m.takeBackOffers(f)
	for _, a := range m.agentOrder {
		m.shutdownFramework(a, f)
	}
	if f.stream != "" {
		m.emit(CloseStream{StreamID: f.stream})
		f.stream = ""
	}
	f.epoch++
	for _, t := range append([]*task(nil), f.taskOrder...) {
		f.dropTask(t)
	}
	delete(m.frameworks, f.id)
	for n := range m.frameworkOrder {
		if m.frameworkOrder[n] == f {
			m.frameworkOrder = append(m.frameworkOrder[:n], m.frameworkOrder[n+1:]...)
			break
		}
	}
	m.removed[f.id] = true
	m.completed = append(m.completed, f)
}
