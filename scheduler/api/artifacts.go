package api

import (
	"fmt"
	"net/http"
	"os"
)

// helper serves cockroachdb-node to the tasks, so that an installation needs no second download. Length, HEAD and
// ranges are the standard library's; Mesos' fetcher asks for the length when it keeps the file in its cache.
func (h handlers) helper(w http.ResponseWriter, r *http.Request) {
	file, err := os.Open(h.options.Helper)
	if err != nil {
		plain(w, http.StatusInternalServerError, fmt.Sprintf("Couldn't open the helper: %v", err))
		return
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		plain(w, http.StatusInternalServerError, fmt.Sprintf("Couldn't read the helper: %v", err))
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", info.ModTime(), file)
}
