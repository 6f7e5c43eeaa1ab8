package run_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/core"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/run"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/store"
)

// answer is what a report came to.
type answer struct {
	core.Reply
	err error
}

func (r *rig) report(ctx context.Context, taskID, cluster string) <-chan answer {
	got := make(chan answer, 1)
	go func() {
		reply, err := r.loop.Ask(ctx, core.ClusterReport{TaskID: taskID, ClusterID: cluster})
		got <- answer{reply, err}
	}()
	synctest.Wait()
	return got
}

func TestAReportIsAnsweredByTheCore(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		id := r.launch()
		for _, tt := range []struct {
			task, cluster string
			code          int
			written       []string
		}{
			{id, "c1", 200, []string{"write cluster records/cockroachdb-0-node-init"}},
			{id, "c1", 200, nil},
			{id, "c2", 409, nil},
			{id, "", 400, nil},
			{"stranger", "c1", 404, nil},
		} {
			if got := <-r.report(t.Context(), tt.task, tt.cluster); got.err != nil || got.Code != tt.code || got.Message == "" {
				t.Errorf("%s %q: got %+v, want %d", tt.task, tt.cluster, got, tt.code)
			}
			r.happened(tt.written...)
		}
	})
}

func TestAReportIsAnsweredOnlyAfterTheWrite(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		id := r.launch()
		r.disk.wait = make(chan struct{})
		got := r.report(t.Context(), id, "c1")
		select {
		case early := <-got:
			t.Errorf("got %+v before the write", early)
		default:
		}
		close(r.disk.wait)
		synctest.Wait()
		if late := <-got; late.err != nil || late.Code != 200 {
			t.Errorf("got %+v", late)
		}
	})
}

func TestAReportThatCannotBeStoredIsNotNoted(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		id := r.launch()
		r.memory.FailApply(1, store.BeforeWriting, nil)
		if got := <-r.report(t.Context(), id, "c1"); !errors.Is(got.err, run.ErrEnded) {
			t.Errorf("got %+v, want that the loop ended", got)
		}
		var ended *run.Ended
		if err := r.over(); !errors.As(err, &ended) {
			t.Errorf("got %v", err)
		}
		if got := <-r.report(t.Context(), id, "c1"); !errors.Is(got.err, run.ErrEnded) {
			t.Errorf("after the end: got %+v", got)
		}
	})
}

func TestACallerMayGoBeforeItsAnswerComes(t *testing.T) {
	live(t, time.Hour, func(t *testing.T, r *rig) {
		id := r.launch()
		r.disk.wait = make(chan struct{})
		hurry, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		first := r.report(hurry, id, "c1")
		// The loop is busy writing: the second cannot even hand its report over.
		second := r.report(hurry, id, "c1")
		for _, got := range []answer{<-first, <-second} {
			if !errors.Is(got.err, context.DeadlineExceeded) {
				t.Errorf("got %+v", got)
			}
		}
		close(r.disk.wait)
		synctest.Wait()
		if got := <-r.report(t.Context(), id, "c1"); got.Code != 200 {
			t.Errorf("the next report: got %+v", got)
		}
	})
}
