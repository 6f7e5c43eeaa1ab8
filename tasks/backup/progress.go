package backup

import "time"

// Rate is bytes (or rows) a second since the start; 0 while nothing can be said.
func Rate(done int64, took time.Duration) float64 {
	if took <= 0 || done <= 0 {
		return 0
	}
	return float64(done) / took.Seconds()
}

// Left is how long the rest takes at the rate so far. Known is false without a total or a rate.
func Left(done, total int64, took time.Duration) (left time.Duration, known bool) {
	rate := Rate(done, took)
	if rate == 0 || total <= 0 || done > total {
		return 0, false
	}
	return time.Duration(float64(total-done) / rate * float64(time.Second)), true
}
