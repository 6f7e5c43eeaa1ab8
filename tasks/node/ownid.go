package node

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/tasks/cockroach"
)

// maxMetrics bounds a page of metrics in bytes; v20.1 has 130 kB, later releases some MB.
const maxMetrics = 32 << 20

// askNodeID asks the node at address for its number in the cluster. It stands among the metrics, which any release shows
// without a login.
func (w web) askNodeID(ctx context.Context, address string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.scheme+"://"+address+cockroach.MetricsPath, nil)
	if err != nil {
		return 0, fmt.Errorf("ask %s for its number: %w", address, err)
	}
	request.Header.Set("Accept", "text/plain;version=0.0.4")
	response, err := w.client(address).Do(request)
	if err != nil {
		return 0, fmt.Errorf("ask the node for its number: %w", err) // names method and address
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("ask %s for its number: it answers %d", address, response.StatusCode)
	}
	id, err := readNodeID(io.LimitReader(response.Body, maxMetrics))
	if err != nil {
		return 0, fmt.Errorf("ask %s for its number: %w", address, err)
	}
	return id, nil
}

// readNodeID finds the number in a page of Prometheus text.
func readNodeID(page io.Reader) (int, error) {
	lines := bufio.NewScanner(page)
	for lines.Scan() {
		rest, found := bytes.CutPrefix(lines.Bytes(), []byte(cockroach.NodeIDMetric))
		if !found || len(rest) == 0 || rest[0] != '{' && rest[0] != ' ' {
			continue
		}
		parser := expfmt.NewTextParser(model.UTF8Validation)
		families, err := parser.TextToMetricFamilies(bytes.NewReader(append(bytes.Clone(lines.Bytes()), '\n')))
		if err != nil {
			return 0, err
		}
		value := families[cockroach.NodeIDMetric].GetMetric()[0].GetUntyped().GetValue()
		if id := int(value); id >= 1 && float64(id) == value {
			return id, nil
		}
		return 0, fmt.Errorf("the metric %s is %v, which is no node's number", cockroach.NodeIDMetric, value)
	}
	if err := lines.Err(); err != nil {
		return 0, err
	}
	return 0, errors.New("its metrics lack " + cockroach.NodeIDMetric)
}
