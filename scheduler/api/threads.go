package api

import (
	"fmt"
	"net/http"
	"runtime/pprof"
	"strings"
)

// threads answers what every goroutine of the process is at, as text. The SDK shows its threads here.
func (h handlers) threads(w http.ResponseWriter, r *http.Request) {
	if queryOf(r).refused(w) {
		return
	}
	var dump strings.Builder
	// 2 is the form of a panic, one goroutine after the other.
	if err := pprof.Lookup("goroutine").WriteTo(&dump, 2); err != nil {
		plain(w, http.StatusInternalServerError, fmt.Sprintf("Couldn't list the goroutines: %v", err))
		return
	}
	plain(w, http.StatusOK, dump.String())
}
