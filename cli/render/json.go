package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// JSON writes raw JSON indented by two spaces and ended by a line feed, fields
// in the order they came. An error means that raw is not JSON, or is w's.
func JSON(w io.Writer, raw []byte) error {
	var out bytes.Buffer
	if err := json.Indent(&out, bytes.TrimSpace(raw), "", "  "); err != nil {
		return fmt.Errorf("indent JSON: %w", err)
	}
	out.WriteByte('\n')
	_, err := w.Write(out.Bytes())
	return err
}
