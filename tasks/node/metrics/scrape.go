package metrics

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

const (
	// readLimit is the time for one page; a node in trouble may never answer.
	readLimit = 5 * time.Second
	// pageLimit bounds a page in bytes; v20.1 has 130 kB.
	pageLimit = 32 << 20
)

// endpointsPath is where the scheduler lists the nodes' HTTP ports.
const endpointsPath = "/v1/endpoints/http"

// get reads a page that must answer 200.
func get(ctx context.Context, client *http.Client, url string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("%s answers %s", url, response.Status)
	}
	return response.Body, nil
}

// listNodes asks the scheduler for the nodes' HTTP ports as host:port: the addresses, or the DNS names where it has none.
func listNodes(ctx context.Context, client *http.Client, scheduler string) ([]string, error) {
	body, err := get(ctx, client, scheduler+endpointsPath)
	if err != nil {
		return nil, fmt.Errorf("ask the scheduler for the nodes: %w", err)
	}
	defer body.Close()
	var answer struct {
		Address []string `json:"address"`
		DNS     []string `json:"dns"`
	}
	if err := json.NewDecoder(io.LimitReader(body, 1<<20)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("read the scheduler's list of nodes: %w", err)
	}
	if len(answer.Address) > 0 {
		return answer.Address, nil
	}
	return answer.DNS, nil
}

// scrape reads one node's page.
func scrape(ctx context.Context, client *http.Client, scheme, address string) (map[string]*dto.MetricFamily, error) {
	body, err := get(ctx, client, scheme+"://"+address+cockroach.MetricsPath)
	if err != nil {
		return nil, fmt.Errorf("read the metrics: %w", err)
	}
	defer body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(io.LimitReader(body, pageLimit))
	if err != nil {
		return nil, fmt.Errorf("read the metrics of %s: %w", address, err)
	}
	return families, nil
}
