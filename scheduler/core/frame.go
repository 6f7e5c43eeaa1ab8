package core

import (
	"log/slog"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/plans"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// frame is one event on its way through: the new state as it grows, and the calls that leave after the write.
type frame struct {
	State
	ids   *tasks.IDs
	calls []Call
	logs  []Log
	rest  []Effect
	// scouted are the agents whose offers a scout of this frame counts on.
	scouted map[string]bool
	// refused are tasks that none of this frame's offers fit, by what they needed.
	refused map[string]string
	// puts counts replaced records, derived is that count when the plans were derived last.
	puts, derived int
	// wiped are the writes that empty the store, nil in all frames but the last of a removal; stored is what it holds.
	wiped  []Write
	stored Facts
}

// Frame takes one event in whole: it folds the fact, moves the plans, picks and matches work, and tidies up. The
// effects come in the order in which they must happen.
func Frame(old State, in Input) (State, []Effect) {
	if answer, ok := old.servesStill(in.Event); ok {
		return old, []Effect{answer}
	}
	f := &frame{State: old.next(), ids: tasks.NewIDs(in.Seed), scouted: map[string]bool{}, refused: map[string]string{}}
	f.Now, f.stored = in.Now, old.Facts
	if f.Settings.Uninstall {
		return f.removalFrame(old, in.Event)
	}
	f.forgetFailures()
	f.fold(in.Event)
	f.derive()
	f.policies()
	if offered, ok := in.Event.(Offered); ok {
		f.match(offered.Offers)
		f.derive()
	}
	f.stop()
	f.repeatKills()
	f.askAgain()
	f.flow()
	if f.puts != f.derived {
		f.derive()
	}
	f.rotate()
	f.vacate(old.Facts.Records)
	f.forgetHands()
	f.endFullStop()
	f.noticeDeployed()
	f.logPlans(old.Plans)
	effects := f.effects(old)
	return f.State, effects
}

// fold takes the fact of an event into the state.
func (f *frame) fold(event Event) {
	switch e := event.(type) {
	case Subscribed:
		f.subscribed(e)
	case Disconnected:
		f.disconnected(e)
	case Offered:
		f.Counters.add("offers.received", offerCount(e))
		f.Flow.Flowed = f.Now
	case Rescinded:
		f.Counters.add("offers.rescinded", 1)
	case Updated:
		f.updated(e)
	case AgentFailed:
		f.agentFailed(e)
	case MasterError:
		f.rest = append(f.rest, masterRefused(e.Message))
	case Namesake:
		f.rest = append(f.rest, storeLost(e))
	case ClusterReport:
		f.reported(e)
	case PodOrder:
		f.podOrder(e)
	case PlanOrder:
		f.planOrder(e)
	case DatabaseSeen:
		f.databaseSeen(e)
	case Announced:
		f.announced(e)
	case Withdrawn:
		f.withdrawn(e)
	case JobOrder:
		f.jobOrder(e)
	case JobCancel:
		f.jobCancel(e)
	case JobCollect:
		f.jobCollect(e)
	case JobReport:
		f.jobReported(e)
	case JobWithoutKeys:
		f.jobWithoutKeys(e)
	case AuthorityFound:
		f.authorityFound(e)
	case RotationOrder:
		f.rotationOrder(e)
	case CertificateSigned:
		f.certificateSigned(e)
	case CertificateServed:
		f.certificateServed(e)
	case ClientSigned:
		f.clientSigned(e)
	case Tick:
		f.watchJobs()
	}
}

// derive makes the plans anew.
func (f *frame) derive() {
	f.derived = f.puts
	f.order = plans.Order(f.Facts.Records, f.order)
	f.Plans = plans.Derive(f.view())
}

// put replaces a record.
func (f *frame) put(record tasks.Record) {
	f.puts++
	f.Facts.Records[record.Task] = &record
}

func (f *frame) send(call Call) { f.calls = append(f.calls, call) }

func (f *frame) log(level slog.Level, message string, attrs ...any) {
	line := Log{Level: level, Message: message, Attrs: attrs}
	f.logs = append(f.logs, line)
	f.keep(line)
}

// effects puts the frame's effects in order: the write, the calls, then what is only told.
func (f *frame) effects(old State) []Effect {
	var list []Effect
	if f.wiped != nil {
		for _, part := range f.wiped {
			list = append(list, part)
		}
	} else if write := changes(old.Facts, f.Facts); write != nil {
		f.Facts.Journal = f.Facts.Journal.store(write)
		for _, part := range write.parts() {
			list = append(list, part)
		}
	}
	for _, call := range f.calls {
		list = append(list, Send{Call: call})
	}
	for _, line := range f.logs {
		list = append(list, line)
	}
	return append(list, f.rest...)
}

// noticeDeployed stores once that the deploy plan has been complete.
func (f *frame) noticeDeployed() {
	if !f.Facts.Deployed && f.Plans[0].Status == plans.Complete && len(f.Facts.Records) > 0 {
		f.Facts.Deployed = true
		f.log(slog.LevelInfo, "deploy plan complete for the first time", "target", f.Facts.TargetID)
	}
}

// logPlans logs each step that changed its status.
func (f *frame) logPlans(old []plans.Plan) {
	before, held := map[string]plans.Status{}, map[string]bool{}
	for _, plan := range old {
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				before[step.ID], held[step.ID] = step.Status, step.Reason.HeldBack()
			}
		}
	}
	for _, plan := range f.Plans {
		for _, phase := range plan.Phases {
			for _, step := range phase.Steps {
				if step.Reason.HeldBack() && !held[step.ID] {
					f.Counters.add("gate.refusals", 1)
					f.log(slog.LevelInfo, "held back", "plan", plan.Name, "step", step.Name, "reason", step.Reason.String())
				}
				if was, ok := before[step.ID]; ok && was != step.Status {
					f.log(slog.LevelInfo, "step changed", "plan", plan.Name, "step", step.Name,
						"from", string(was), "to", string(step.Status), "reason", step.Reason.String())
				}
			}
		}
	}
}
