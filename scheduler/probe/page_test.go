package probe

import (
	"strings"
	"testing"
)

// recorded are facts of a page of v20.1.5, some seconds after init: three live nodes, no range copied yet.
const recorded = `# HELP liveness_heartbeatsuccesses Number of successful node liveness heartbeats from this node
# TYPE liveness_heartbeatsuccesses counter
liveness_heartbeatsuccesses 5.0
# HELP liveness_livenodes Number of live nodes in the cluster (will be 0 if this node is not itself live)
# TYPE liveness_livenodes gauge
liveness_livenodes 3.0
# HELP ranges_underreplicated Number of ranges with fewer live replicas than the replication target
# TYPE ranges_underreplicated gauge
ranges_underreplicated{store="1"} 32.0
# HELP ranges_unavailable Number of ranges with fewer live replicas than needed for quorum
# TYPE ranges_unavailable gauge
ranges_unavailable{store="1"} 0.0
# HELP node_id node ID with labels for advertised RPC and HTTP addresses
# TYPE node_id gauge
node_id{advertise_addr="127.0.0.1:26251",http_addr="127.0.0.1:18081",sql_addr="127.0.0.1:26251"} 1.0
# HELP capacity Total storage capacity
# TYPE capacity gauge
capacity{store="1"} 2.70553174016e+11
`

// page is a short page with these values.
func page(live, under, gone string) string {
	return "liveness_livenodes " + live + "\nranges_underreplicated{store=\"1\"} " + under + "\nranges_unavailable{store=\"1\"} " + gone + "\n"
}

// remarks is so many bytes that say nothing, in lines.
func remarks(size int) string {
	line := "# " + strings.Repeat("x", lineLimit/2-3) + "\n"
	return strings.Repeat("\n", size%len(line)) + strings.Repeat(line, size/len(line))
}

func TestRead(t *testing.T) {
	for name, tt := range map[string]struct {
		page  string
		want  counts
		fault string
	}{
		"recorded from v20.1.5":          {page: recorded, want: counts{3, 32, 0, 1}},
		"recorded with its quorum lost":  {page: page("0.0", "0.0", "0.0"), want: counts{0, 0, 0, 0}},
		"large numbers with an exponent": {page: page("1e+03", "1.5e+05", "2e+00"), want: counts{1000, 150000, 2, 0}},
		"two stores are summed": {page: "liveness_livenodes 3\nranges_underreplicated{store=\"1\"} 2.0\nranges_underreplicated{store=\"4\"} 5.0\n" +
			"ranges_unavailable{store=\"1\"} 1\nranges_unavailable{store=\"4\"} 3\n", want: counts{3, 7, 4, 0}},
		"labels of later releases": {page: "liveness_livenodes{node_id=\"1\",tenant=\"system\"} 3\n" +
			"ranges_underreplicated{store=\"1\",node_id=\"1\",tenant=\"system\"} 2\nranges_unavailable{store=\"1\",node_id=\"1\"} 0\n", want: counts{3, 2, 0, 0}},
		"of live nodes the least counts":    {page: "liveness_livenodes{a=\"1\"} 3\nliveness_livenodes{a=\"2\"} 2\n" + page("3", "0", "0"), want: counts{2, 0, 0, 0}},
		"longer names are other metrics":    {page: "ranges_unavailable_total 9\n" + page("3", "0", "0"), want: counts{3, 0, 0, 0}},
		"metrics that nobody wants":         {page: "broken{ 1\n" + page("3", "1", "0"), want: counts{3, 1, 0, 0}},
		"a number without labels":           {page: page("3", "0", "0") + "node_id 12\n", want: counts{3, 0, 0, 12}},
		"a number that is none":             {page: page("3", "0", "0") + "node_id NaN\n", want: counts{3, 0, 0, 0}},
		"two numbers are none":              {page: page("3", "0", "0") + "node_id{a=\"1\"} 1\nnode_id{a=\"2\"} 2\n", want: counts{3, 0, 0, 0}},
		"a label is not the metric":         {page: page("3", "0", "0") + "node_identity 7\nranges{node_id=\"7\"} 7\n", want: counts{3, 0, 0, 0}},
		"an empty page":                     {fault: "liveness_livenodes is missing, ranges_underreplicated is missing, ranges_unavailable is missing"},
		"a web page":                        {page: "<!DOCTYPE html>\n<title>Cockroach</title>\n", fault: "liveness_livenodes is missing, ranges_under"},
		"one is missing":                    {page: "liveness_livenodes 3.0\nranges_unavailable{store=\"1\"} 0\n", fault: "ranges_underreplicated is missing"},
		"no number":                         {page: page("3", "0", "many"), fault: `expected float as value, got "many"`},
		"not a count":                       {page: page("NaN", "-1", "0.5"), fault: "liveness_livenodes is NaN, which is no count, ranges_underreplicated is -1, which is no count, ranges_unavailable is 0.5"},
		"too large a count":                 {page: page("3", "+Inf", "0"), fault: "ranges_underreplicated is +Inf, which is no count"},
		"labels that do not close":          {page: page("3", "0", "0") + "ranges_unavailable{store=\"1\n", fault: "parsing error in line 4"},
		"cut off within a number":           {page: strings.TrimSuffix(page("3", "0", "32"), "2\n"), fault: "unexpected end of input stream"},
		"cut off in another metric's line":  {page: page("3", "0", "0") + "capacity{sto", want: counts{3, 0, 0, 0}},
		"a line without end":                {page: page("3", "0", "0") + strings.Repeat("x", lineLimit+1), fault: "a line is longer than 65536 bytes"},
		"larger than a page may be":         {page: page("3", "0", "0") + remarks(pageLimit), fault: "the page is larger than 16777216 bytes"},
		"as large as a page may be at most": {page: page("3", "0", "0") + remarks(pageLimit-len(page("3", "0", "0"))), want: counts{3, 0, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(strings.NewReader(tt.page))
			switch {
			case tt.fault == "" && err != nil:
				t.Fatalf("fault: %v", err)
			case tt.fault != "" && (err == nil || !strings.Contains(err.Error(), tt.fault)):
				t.Fatalf("fault %v; want %q", err, tt.fault)
			case got != tt.want:
				t.Errorf("%+v; want %+v", got, tt.want)
			}
		})
	}
}
