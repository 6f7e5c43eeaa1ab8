package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/api/wire"
	"github.com/dcos-cockroachdb/dcos-cockroachdb/scheduler/jobs"
)

// unstored keeps answers out of caches: they come of requests with keys, or hold some.
func unstored(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		serve(w, r)
	}
}

// withDesk answers 501 where no jobs are taken.
func (h handlers) withDesk(serve http.HandlerFunc) http.HandlerFunc {
	return unstored(func(w http.ResponseWriter, r *http.Request) {
		if h.options.Jobs == nil {
			plain(w, http.StatusNotImplemented, "This scheduler takes no backups, restores and verifications")
			return
		}
		serve(w, r)
	})
}

// orderJob asks for a backup, a restore or a verification. A field that is not known is refused: a misspelt existing= must not
// become the standard value.
func (h handlers) orderJob(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	var request wire.JobRequest
	if err := readStrictly(r, &request); err != nil {
		badBody(w, err, "job", `a JSON object such as {"kind": "backup", "database": "bank", "bucket": "my-bucket", "iam": true}`)
		return
	}
	job, err := h.options.Jobs.Order(r.Context(), request)
	if err != nil {
		refuse(w, err, "the job is not taken")
		return
	}
	answer(w, http.StatusOK, jobOf(h.source.Snapshot(), job))
}

// refuse answers why something about a job was not taken: faults as JSON, all else as a sentence.
func refuse(w http.ResponseWriter, err error, what string) {
	var faults jobs.Faults
	if errors.As(err, &faults) {
		answer(w, http.StatusBadRequest, wire.Refused{Message: fmt.Sprintf("%s: %d of its values cannot be used", what, len(faults)), Faults: faults})
		return
	}
	code, message := refusal(err)
	plain(w, code, message)
}

// refusal is the status and the sentence of an error of the desk.
func refusal(err error) (int, string) {
	var refused *jobs.Refusal
	if errors.As(err, &refused) {
		return refused.Code, refused.Message
	}
	return http.StatusInternalServerError, err.Error()
}

// readStrictly is readJSON, and fails on fields that are not known.
func readStrictly(r *http.Request, into any) error {
	var raw json.RawMessage
	if err := readJSON(r.Body, &raw); err != nil {
		return err
	}
	return strict(raw, into)
}

// listJobs answers the jobs that are known, the newest first, and the schedule.
func (h handlers) listJobs(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	state := h.source.Snapshot()
	shown := wire.Jobs{Jobs: jobsOf(state)}
	if desk := h.options.Jobs; desk != nil {
		shown.Schedule = desk.Scheduled.Show(desk.Now())
	}
	answer(w, http.StatusOK, shown)
}

func (h handlers) job(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	state, id := h.source.Snapshot(), r.PathValue("id")
	job, ok := state.Facts.Jobs[id]
	if !ok {
		plain(w, http.StatusNotFound, fmt.Sprintf("Job %s not found", id))
		return
	}
	answer(w, http.StatusOK, jobOf(state, job))
}

// cancelJob asks for a job's end. One that has ended, or is to end already, is answered with 208 and as it is.
func (h handlers) cancelJob(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	id := r.PathValue("id")
	job, err := h.options.Jobs.Cancel(r.Context(), id)
	state := h.source.Snapshot()
	if err == nil {
		answer(w, http.StatusOK, jobOf(state, job))
		return
	}
	code, message := refusal(err)
	if known, ok := state.Facts.Jobs[id]; ok && code == http.StatusAlreadyReported {
		answer(w, code, jobOf(state, known))
		return
	}
	plain(w, code, message)
}
