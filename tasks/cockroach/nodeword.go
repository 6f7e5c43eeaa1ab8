package cockroach

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// NodeWord is what one row of `node status` or `node decommission` says of a node.
type NodeWord struct {
	// Alive is true while the database holds the node for alive in any way: its liveness has not expired, or it was heard
	// of a moment ago. A killed node stays so for some ten seconds (T:04).
	Alive bool
	// Leaving is true once the node is marked: it is being decommissioned, or it is decommissioned.
	Leaving bool
	// Final is true once the node is decommissioned for good; releases without FinalDecommission never say so.
	Final bool
	// Replicas counts the copies that the node still has to give away, as the command sees it.
	Replicas int
}

// nodeRow finds the last row on node id in the output of a client that writes CSV. `node decommission` repeats the header
// with each table and ends with a sentence. Columns go by name: their number differs by release.
func nodeRow(output string, id int) (word NodeWord, found bool, err error) {
	reader := csv.NewReader(strings.NewReader(output))
	reader.FieldsPerRecord, reader.LazyQuotes = -1, true
	records, err := reader.ReadAll()
	if err != nil {
		return NodeWord{}, false, fmt.Errorf("read the table of nodes: %w", err)
	}
	var header, row []string
	for _, record := range records {
		switch {
		case record[0] == "id":
			header = record
		case len(record) == len(header) && record[0] == strconv.Itoa(id):
			row = record
		}
	}
	if row == nil {
		return NodeWord{}, false, nil
	}
	column := func(name string) (string, bool) {
		at := slices.Index(header, name)
		if at < 0 {
			return "", false
		}
		return row[at], true
	}
	return wordOf(column)
}

// wordOf reads one row. A text that is not false counts as alive: what cannot be understood must not look dead.
func wordOf(column func(string) (string, bool)) (NodeWord, bool, error) {
	var word NodeWord
	live, found := column("is_live")
	if !found {
		return word, false, fmt.Errorf("the table of nodes has no column is_live")
	}
	available, found := column("is_available") // since v2.1, and in `node status` alone
	word.Alive = live != "false" || found && available != "false"
	marked, found := column("is_decommissioning")
	if !found {
		return word, false, fmt.Errorf("the table of nodes has no column is_decommissioning")
	}
	membership, _ := column("membership")
	word.Final = membership == "decommissioned"
	word.Leaving = marked == "true" || word.Final
	replicas, found := column("replicas")
	if !found {
		replicas, _ = column("gossiped_replicas")
	}
	count, err := strconv.Atoi(replicas)
	if err != nil && replicas != "NULL" {
		return word, false, fmt.Errorf("the table of nodes gives %q as a number of replicas", replicas)
	}
	word.Replicas = count
	return word, true, nil
}
