package certs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEnrolTriesWithTheSameKeyUntilItIsAnswered(t *testing.T) {
	s, out := newFakeScheduler(t), &lines{}
	s.statuses = []int{503, 500, 409, 404, 429, 200} // the last one signs, and its answer is lost
	issued := s.enrolled(out)
	if len(s.requests) != 7 || slices.ContainsFunc(s.requests, func(r string) bool { return r != s.requests[0] }) {
		t.Errorf("%d requests, not all with one key", len(s.requests))
	}
	if issued.Serial == "" || !slices.Equal(issued.Trust, s.trustIDs()) || !issued.Covers(testName) || !issued.Covers("127.0.0.1") || issued.Covers("other.example") {
		t.Errorf("issued %v for %s", issued, issued.Names())
	}
	if text := out.String(); strings.Count(text, "trying on") != 6 || !strings.Contains(text, "it answers 503 (said 503)") {
		t.Errorf("said:\n%s", text)
	}
}

func TestEnrolSaysTheSameTroubleOnce(t *testing.T) {
	s, out := newFakeScheduler(t), &lines{}
	s.statuses = slices.Repeat([]int{503}, 20)
	s.enrolled(out)
	if n := strings.Count(out.String(), "WARNING"); n != 1 {
		t.Errorf("%d lines:\n%s", n, out)
	}
}

func TestEnrolIsRefused(t *testing.T) {
	for status, used := range map[int]bool{403: false, 410: true} {
		s := newFakeScheduler(t)
		s.statuses = []int{503, status}
		_, err := s.desk(&lines{}).Enrol(t.Context(), testToken)
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Used != used || !strings.Contains(err.Error(), fmt.Sprintf("said %d", status)) {
			t.Errorf("%d: %v", status, err)
		}
	}
	s := newFakeScheduler(t)
	s.statuses = []int{400}
	if _, err := s.desk(&lines{}).Enrol(t.Context(), testToken); err == nil || !strings.Contains(err.Error(), "said 400") {
		t.Errorf("400: %v", err)
	}
}

func TestEnrolEndsWithTheTask(t *testing.T) {
	s, out := newFakeScheduler(t), &lines{}
	desk := s.desk(out)
	desk.URL = "http://127.0.0.1:1"
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := desk.Enrol(ctx, testToken); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if n := strings.Count(out.String(), "WARNING"); n != 1 {
		t.Errorf("%d lines:\n%s", n, out)
	}
}
