package plans

import "testing"

func TestAggregateFollowsTheSDKsRules(t *testing.T) {
	tests := []struct {
		name        string
		strategy    Strategy
		children    []Status
		failed      bool
		interrupted bool
		want        Status
	}{
		{"no children", Serial, nil, false, false, Complete},
		{"own errors", Serial, []Status{Complete}, true, false, Error},
		{"a child's error", Parallel, []Status{Complete, Error}, false, false, Error},
		{"all complete although interrupted", Serial, []Status{Complete, Complete}, false, true, Complete},
		{"interrupted", Serial, []Status{Complete, Pending}, false, true, Waiting},
		{"all delayed", Parallel, []Status{Delayed, Delayed}, false, false, Delayed},
		{"one prepared", Serial, []Status{Prepared, Pending}, false, false, InProgress},
		{"candidate waits", Serial, []Status{Waiting, Pending}, false, false, Waiting},
		{"candidate in progress", Serial, []Status{InProgress, Pending}, false, false, InProgress},
		{"some complete, next pending", Serial, []Status{Complete, Pending}, false, false, InProgress},
		{"some complete, next started", Serial, []Status{Complete, Started}, false, false, InProgress},
		{"nothing done yet", Serial, []Status{Pending, Pending}, false, false, Pending},
		{"a later child waits", Serial, []Status{Starting, Waiting}, false, false, Waiting},
		{"first starting", Serial, []Status{Starting, Pending}, false, false, Starting},
		{"first started", Serial, []Status{Started, Pending}, false, false, Started},
		{"parallel: one pending", Parallel, []Status{Starting, Pending}, false, false, Pending},
		{"delayed behind complete ones is no error", Serial, []Status{Complete, Delayed}, false, false, Delayed},
		{"delayed before pending ones", Serial, []Status{Delayed, Pending}, false, false, Delayed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := aggregate(tt.strategy, tt.children, tt.failed, tt.interrupted); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
