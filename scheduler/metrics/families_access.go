package metrics

func accessFamilies() []family {
	return []family{
		{name: "api.refused", prom: "api_refused", kind: counter, read: refusedRequests,
			help: "Requests to the API that were refused because they brought no good token."},
		{name: "api.certificate_left", prom: "api_certificate_left_seconds", kind: gauge, read: certificateLeft,
			help: "Seconds until the API's certificate expires, below 0 once it has; none while the API speaks plain HTTP."},
	}
}

func refusedRequests(f *facts) []sample {
	if f.sources.Refused == nil {
		return nil
	}
	return one(float64(f.sources.Refused()))
}

func certificateLeft(f *facts) []sample {
	if f.sources.Expires == nil {
		return nil
	}
	return one(f.sources.Expires().Sub(f.now).Seconds())
}
