package wire

// Endpoint is the answer to GET /v1/endpoints/{name}: where a named port of the
// service can be reached. Every entry is "host:port".
type Endpoint struct {
	Address List[string] `json:"address"`
	DNS     List[string] `json:"dns"`
	VIP     string       `json:"vip,omitempty"` // left out when the port has none
}
