package plans

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks"
)

// TestALateNodeHandsItsTurnOn lets nodes that are well serve what they should a second after they are told, and follows the turn.
func TestALateNodeHandsItsTurnOn(t *testing.T) {
	for _, tt := range []struct {
		name string
		// stuck are the nodes that never serve anything new; loads are stuck ones that were given a certificate.
		stuck, loads []int
		set          func(*View)
		want         []int
		// late are the nodes whose step is an error at the end.
		late []int
	}{
		{"nobody is stuck", nil, nil, nil, []int{0, 1, 2, 3}, nil},
		{"one is", []int{1}, nil, nil, []int{0, 1, 2, 3, 1}, []int{1}},
		{"the first is, and was given one", []int{0}, []int{0}, nil, []int{0, 1, 2, 3, 0}, []int{0}},
		{"two are, each in its turn", []int{1, 3}, []int{3}, nil, []int{3, 0, 1, 2, 1, 3, 1, 3}, []int{1, 3}},
		{"all are", []int{0, 1, 2, 3}, nil, nil, []int{0, 1, 2, 3, 0, 1, 2, 3}, []int{0, 1, 2, 3}},
		{"one expires before its number comes", []int{0}, nil, func(v *View) { v.Records[nodeTask(3)].Certificate = aged(day) }, []int{3, 0, 1, 2, 0}, []int{0}},
		{"a change of authority stops at the first", []int{1}, nil, func(v *View) { v.Certificates.Stage, v.Certificates.Trust = TrustPhase, []string{"n", "a"} }, []int{0, 1}, []int{1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := secureView()
			v.Target.Pods[0].Count = 4
			for i := range 4 {
				record := certified(i, aged(20*day))
				if slices.Contains(tt.loads, i) {
					unserved(record)
				}
				v.Records[record.Task] = record
			}
			if tt.set != nil {
				tt.set(&v)
			}
			var got []int
			longest := 0
			for range 8 * 320 {
				turn := NextTurn(v)
				if turn.TaskID != v.Certificates.Turn.TaskID && turn.TaskID != "" && len(got) < 8 {
					got = append(got, v.Records[turn.Task].Pod.Index)
				}
				longest = max(longest, len(turn.Late))
				v.Certificates.Turn = turn
				v.Now = v.Now.Add(time.Second)
				if record := v.Records[turn.Task]; record != nil && !slices.Contains(tt.stuck, record.Pod.Index) {
					next := *record
					next.Certificate = &tasks.Certificate{Issuer: "a", Trust: v.Certificates.Trust, Issued: v.Now, NotAfter: v.Now.Add(90 * day), Served: v.Now}
					next.Serving = nil
					v.Records[record.Task] = &next
				}
			}
			if want := tt.want; !slices.Equal(got[:min(len(got), len(want))], want) || len(tt.stuck) <= 1 && len(tt.want) != len(got) {
				t.Errorf("turns %v, want %v", got, tt.want)
			}
			var late []int
			for _, step := range Rotate(v).Phases[0].Steps {
				if step.Status == Error {
					late = append(late, step.Pod.Index)
					if since := step.Reason.Since; since.Sub(noon) > ServeWithin*4 {
						t.Errorf("node %d is late since %s only", step.Pod.Index, since)
					}
				}
			}
			if !slices.Equal(late, tt.late) || longest > len(tt.stuck) {
				t.Errorf("late %v, want %v; %d were kept", late, tt.late, longest)
			}
		})
	}
}

func nodeTask(index int) string {
	if index == 0 {
		return "cockroachdb-0-node-init"
	}
	return fmt.Sprintf("cockroachdb-%d-node-join", index)
}

// TestALateNodeIsForgottenWhenItGetsOn: when it serves what it should, is launched anew, or has no use for a turn.
func TestALateNodeIsForgottenWhenItGetsOn(t *testing.T) {
	for name, change := range map[string]func(*tasks.Record){
		"it serves":       func(r *tasks.Record) { r.Certificate = certificate("a", "a") },
		"launched anew":   func(r *tasks.Record) { r.TaskID = "other" },
		"it is down":      state(tasks.Failed),
		"it is out there": state(tasks.Unreachable),
	} {
		v := secureView(certified(0, aged(20*day)), certified(1, aged(20*day)))
		turnOf(0, ServeWithin)(&v)
		v.Certificates.Turn = NextTurn(v)
		if len(v.Certificates.Turn.Late) != 1 {
			t.Fatalf("%s: got %+v", name, v.Certificates.Turn)
		}
		before := v.Certificates.Turn.Late
		change(v.Records[nodeTask(0)])
		if got := NextTurn(v); len(got.Late) != 0 || got.Task != nodeTask(1) || before[0].Task != nodeTask(0) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
