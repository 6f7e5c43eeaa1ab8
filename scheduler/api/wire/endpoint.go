package wire

// Endpoint is the answer to GET /v1/endpoints/{name}: where a named port of the
// service can be reached. Every entry is "host:port".
type Endpoint struct {
	Address List[string] `json:"address"`
	DNS     List[string] `json:"dns"`
	VIP     string       `json:"vip,omitempty"` // left out when the port has none
	// Connect are URLs with everything that a client of a secure service needs to check whom it talks to: connection strings of the user root
	// for SQL, addresses of pages otherwise. File names are those of `certs client`. It is left out for a service that is not secure.
	Connect List[string] `json:"connect,omitempty"`
}
