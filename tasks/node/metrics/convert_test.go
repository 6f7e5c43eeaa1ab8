package metrics

import (
	"flag"
	"math"
	"os"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

func parse(t *testing.T, page string) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return families
}

// page has one of each kind as a node shows it, with observations in its histogram: n of them up to 10, as many again up to 100.
const first = `# TYPE ranges_underreplicated gauge
ranges_underreplicated{store="1"} 32.0
ranges_underreplicated{store="2"} 0.0
# TYPE clock_offset_meannanos gauge
clock_offset_meannanos -1500.5
# TYPE sys_uptime gauge
sys_uptime 1.795330708e+09
# TYPE distsender_batches counter
distsender_batches 871.0
# TYPE broken gauge
broken NaN
# TYPE build_timestamp gauge
build_timestamp{tag="v20.1.5",go_version="go1,13|15"} 1.0
# TYPE node_id gauge
node_id{advertise_addr="127.0.0.1:26251",node="own"} 1.0
# TYPE untyped_one untyped
untyped_one 3
# TYPE rpc summary
rpc{quantile="0.5"} 4.5
rpc_sum 9
rpc_count 2
# TYPE lat histogram
lat_bucket{le="10"} 4
lat_bucket{le="100"} 8
lat_bucket{le="+Inf"} 8
lat_sum 300
lat_count 8
`

// second is the same node ten seconds later: six more observations, all from 10 to 100.
var second = strings.NewReplacer(`lat_bucket{le="100"} 8`, `lat_bucket{le="100"} 14`, `lat_bucket{le="+Inf"} 8`, `lat_bucket{le="+Inf"} 14`,
	"lat_sum 300", "lat_sum 600", "lat_count 8", "lat_count 14").Replace(first)

func TestLines(t *testing.T) {
	c := newConverter(tag{"service", "cockroachdb"}, tag{"node", "10.0.0.1:8123"})
	got := strings.Join(c.lines(parse(t, first)), "\n") + "\n----\n" + strings.Join(c.lines(parse(t, second)), "\n") + "\n"
	const path = "testdata/lines.txt"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("%v (run with -update if that is meant): got\n%s\nwant\n%s", err, got, want)
	}
}

func TestGauge(t *testing.T) {
	for _, c := range []struct {
		value float64
		tags  []tag
		want  string
	}{
		{1, nil, "cockroachdb.m:1|g"}, {0.25, nil, "cockroachdb.m:0.25|g"}, {1.795330708e+18, nil, "cockroachdb.m:1795330708000000000|g"},
		{-3, []tag{{"a", "b"}}, "cockroachdb.m:0|g|#a:b\ncockroachdb.m:-3|g|#a:b"}, {math.Copysign(0, -1), nil, "cockroachdb.m:0|g"},
		{math.NaN(), nil, ""}, {math.Inf(1), nil, ""}, {2, []tag{{"a|b", "x,y#z\nw v:1"}, {"c", ""}}, "cockroachdb.m:2|g|#a_b:x_y_z_w_v:1,c:"},
	} {
		if got := strings.Join(gauge("m", c.value, c.tags), "\n"); got != c.want {
			t.Errorf("%v: %q, want %q", c.value, got, c.want)
		}
	}
}

func TestPackets(t *testing.T) {
	var lines []string
	for range 100 {
		lines = append(lines, strings.Repeat("x", 99))
	}
	lines = append(lines, strings.Repeat("y", packetLimit), strings.Repeat("z", packetLimit+1))
	out, tooLong := packets(lines)
	if tooLong != 1 || strings.Count(strings.Join(out, "\n"), "\n")+1 != 101 {
		t.Errorf("%d packets, %d left out", len(out), tooLong)
	}
	for i, p := range out {
		if len(p) > packetLimit {
			t.Errorf("packet %d has %d bytes", i, len(p))
		}
	}
	if len(out) != 9 { // 14 lines of 100 bytes fit into one packet
		t.Errorf("%d packets, want 9", len(out))
	}
}

func TestQuantiles(t *testing.T) {
	b := func(total uint64, pairs ...float64) buckets {
		out := buckets{total: total}
		for i := 0; i < len(pairs); i += 2 {
			out.list = append(out.list, bucket{pairs[i], uint64(pairs[i+1])})
		}
		return out
	}
	for name, c := range map[string]struct {
		now, before buckets
		q, want     float64
		none        bool
	}{
		"middle of a bucket":    {b(10, 10, 0, 20, 10), b(0), 0.5, 15, false},
		"first bucket":          {b(10, 10, 10), b(0), 0.9, 9, false},
		"only what is new":      {b(20, 10, 10, 20, 20), b(10, 10, 10, 20, 10), 0.5, 15, false},
		"beyond the last bound": {b(10, 10, 2), b(0), 0.99, 10, false},
		"nothing new":           {b(10, 10, 10), b(10, 10, 10), 0.5, 0, true},
		"no buckets":            {b(10), b(0), 0.5, 0, true},
		"restarted":             {b(4, 10, 4), b(10, 10, 10), 0.5, 5, false},
		"new bound appears":     {b(20, 5, 10, 10, 20), b(10, 10, 10), 0.5, 2.5, false},
		"restarted, more seen":  {b(12, 10, 2, 20, 12), b(10, 10, 10), 0.5, 14, false},
	} {
		got, ok := c.now.since(c.before).quantile(c.q)
		if ok == c.none || math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %v, %v; want %v", name, got, ok, c.want)
		}
	}
}
