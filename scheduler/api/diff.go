package api

import "net/http"

// diff answers what the scheduler would do if it were started with these environment variables: a JSON object of texts.
// It changes nothing, and settings with faults are answered with 200 and the faults.
func (h handlers) diff(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	var env map[string]string
	if err := readJSON(r.Body, &env); err != nil {
		badBody(w, err, "environment", `a JSON object of texts such as {"NODE_COUNT": "5"}`)
		return
	}
	if h.options.Diff == nil {
		plain(w, http.StatusNotImplemented, "This scheduler cannot say what a change would do")
		return
	}
	shown, err := h.options.Diff(r.Context(), env)
	if err != nil {
		plain(w, http.StatusInternalServerError, "Couldn't compare the settings: "+err.Error())
		return
	}
	answer(w, http.StatusOK, shown)
}
