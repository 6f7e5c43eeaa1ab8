package wire

// Codes of faults, named as gRPC names them, because the real texts carry them.
const (
	Unknown       = "Unknown"
	Unavailable   = "Unavailable"
	AlreadyExists = "AlreadyExists"
)

// Fault is an error that a server answers with. Code is one of the names above;
// SQLState is set for faults of SQL alone.
type Fault struct {
	Code     string `json:"code,omitempty"`
	Message  string `json:"message"`
	SQLState string `json:"sqlState,omitempty"`
	Detail   string `json:"detail,omitempty"`
	Hint     string `json:"hint,omitempty"`
}

// Error gives the bare message.
func (f *Fault) Error() string { return f.Message }

// RPC gives the text that a gRPC client of the real program prints.
func (f *Fault) RPC() string {
	code := f.Code
	if code == "" {
		code = Unknown
	}
	return "rpc error: code = " + code + " desc = " + f.Message
}
