package bench

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// reads measures the API while the core is busy: 200 requests a second to plans, pods and the reasons why nothing moves,
// beside one event of 10,000 offers after the other. A request counts from the moment at which it was due, so that one
// that is slow cannot hide those behind it.
func reads(t *testing.T, programs string) []figure {
	m := newMaster(t)
	port := freePort(t)
	p := scheduling(t, programs, m, fmt.Sprintf("PORT_API=%d", port), "NODE_DEPLOY_STRATEGY=parallel")
	api := fmt.Sprintf("http://127.0.0.1:%d", port)
	event := fleet(0, many, small)
	floods := 0
	done, flooding := make(chan struct{}), sync.WaitGroup{}
	flood := func() {
		m.send(t, p, event)
		m.declined(t, p, many)
		floods++
	}
	flood() // the scheduler is there, and all there is to explain
	flooding.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				flood()
			}
		}
	})
	var slow []float64
	for range rounds {
		slow = append(slow, percentile(asking(t, api, 3*time.Second), 99))
	}
	close(done)
	flooding.Wait()
	p.stop(t)
	t.Logf("%d events of %d offers meanwhile", floods, many)
	return []figure{sampled(figure{name: "API, 99 of 100 reads within, 200 a second, beside events of 10,000 offers", limit: 50, unit: "ms"}, slow)}
}

// reading are the requests, in turn.
var reading = []string{"/v1/plans/deploy", "/v1/pod/status", "/v1/debug/why", "/v1/plans"}

// asking makes 200 requests a second and gives the time of each in ms, sorted.
func asking(t *testing.T, api string, long time.Duration) []float64 {
	t.Helper()
	const gap = 5 * time.Millisecond
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	took := make([]float64, long/gap)
	var all sync.WaitGroup
	begin := time.Now()
	for i := range took {
		due := begin.Add(time.Duration(i) * gap)
		time.Sleep(time.Until(due))
		all.Go(func() {
			response, err := client.Get(api + reading[i%len(reading)])
			if err != nil {
				t.Errorf("%s: %v", reading[i%len(reading)], err)
				return
			}
			_, err = io.Copy(io.Discard, response.Body)
			if closed := response.Body.Close(); err != nil || closed != nil || response.StatusCode >= 300 {
				t.Errorf("%s: %s, %v", reading[i%len(reading)], response.Status, err)
			}
			took[i] = milliseconds(time.Since(due))
		})
	}
	all.Wait()
	slices.Sort(took)
	return took
}

// percentile of sorted values: so many of 100 are not above it.
func percentile(sorted []float64, of int) float64 { return sorted[(len(sorted)*of+99)/100-1] }

func TestAPercentileIsTheValueThatSoManyAreNotAbove(t *testing.T) {
	var hundred []float64
	for i := range 100 {
		hundred = append(hundred, float64(i+1))
	}
	for of, want := range map[int]float64{99: 99, 50: 50, 100: 100} {
		if got := percentile(hundred, of); got != want {
			t.Errorf("%d: got %v, want %v", of, got, want)
		}
	}
	if got := percentile([]float64{7}, 99); got != 7 {
		t.Errorf("of one value: got %v", got)
	}
}
