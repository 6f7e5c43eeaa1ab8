package e2e

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// hasty deploys a stand-in that counts its ranges and gives nodes up sooner than a real one, so that nobody has to wait five
// minutes for the copies of a node that was replaced. Settings change it further (STANDIN_…=…).
func hasty(t *testing.T, settings ...string) string {
	t.Helper()
	words := append([]string{"STANDIN_COUNT=500ms", "STANDIN_LIVENESS=1500ms", "STANDIN_STORE_DEAD=3s"}, settings...)
	return archive(t, "cockroach", "#!/bin/sh\nexec env "+strings.Join(words, " ")+" "+filepath.Join(programs, "cockroach")+" \"$@\"\n")
}

// short is the metric that counts ranges which lack a copy, and live that of live nodes (cockroachdb-versions.md, 3.2).
var (
	short = regexp.MustCompile(`(?m)^ranges_underreplicated(?:\{[^}]*\})? (\S+)$`)
	live  = regexp.MustCompile(`(?m)^liveness_livenodes(?:\{[^}]*\})? (\S+)$`)
)

// gauges are what a node says of live nodes and of ranges that lack a copy.
func gauges(ip string) (alive, lacking float64, err error) {
	client := http.Client{Timeout: patience / 2}
	answer, err := client.Get("http://" + ip + ":8123/_status/vars")
	if err != nil {
		return 0, 0, err
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, 0, err
	}
	for metric, value := range map[*regexp.Regexp]*float64{live: &alive, short: &lacking} {
		found := metric.FindSubmatch(page)
		if found == nil {
			return 0, 0, fmt.Errorf("%s does not say %s", ip, metric)
		}
		if *value, err = strconv.ParseFloat(string(found[1]), 64); err != nil {
			return 0, 0, err
		}
	}
	return alive, lacking, nil
}

// copied waits until all running nodes count each other as live, and no range as short of a copy, twice in a row so that each
// has counted in between.
func copied(t *testing.T, m *mesos) {
	t.Helper()
	well := 0
	eventually(t, nil, "all copies are made", func() error {
		ips := nodeAddresses(m)
		for _, ip := range ips {
			alive, lacking, err := gauges(ip)
			if err == nil && (int(alive) != len(ips) || lacking != 0) {
				err = fmt.Errorf("%s holds %v nodes for live, and %v ranges for short of a copy", ip, alive, lacking)
			}
			if err != nil {
				well = 0
				return err
			}
		}
		if well++; well < 8 {
			return fmt.Errorf("it is well since %d looks", well)
		}
		return nil
	})
}

// nodeAddresses are where databases run, sorted.
func nodeAddresses(m *mesos) []string {
	var ips []string
	for ip := range m.databases() {
		ips = append(ips, ip)
	}
	slices.Sort(ips)
	return ips
}
