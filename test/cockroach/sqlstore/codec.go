package sqlstore

import (
	"encoding/binary"
	"math"
)

// Tags of values in an encoded row.
const (
	tagNull byte = iota
	tagInt
	tagFloat
	tagFalse
	tagTrue
	tagString
	tagBytes
	tagRaw
)

// appendRow encodes the values of a row.
func appendRow(b []byte, row []Value) []byte {
	text := func(tag byte, s string) {
		b = append(binary.AppendUvarint(append(b, tag), uint64(len(s))), s...)
	}
	for _, v := range row {
		switch v := v.(type) {
		case int64:
			b = binary.AppendVarint(append(b, tagInt), v)
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, tagFloat), math.Float64bits(v))
		case bool:
			if v {
				b = append(b, tagTrue)
			} else {
				b = append(b, tagFalse)
			}
		case string:
			text(tagString, v)
		case Bytes:
			text(tagBytes, string(v))
		case Raw:
			text(tagRaw, string(v))
		default:
			b = append(b, tagNull)
		}
	}
	return b
}

// decodeRow is the inverse of appendRow. The row is filled up with NULL to width
// columns.
func decodeRow(b []byte, width int) []Value {
	row := make([]Value, 0, width)
	for len(b) > 0 {
		tag := b[0]
		b = b[1:]
		switch tag {
		case tagInt:
			n, k := binary.Varint(b)
			row, b = append(row, n), b[k:]
		case tagFloat:
			row, b = append(row, math.Float64frombits(binary.BigEndian.Uint64(b))), b[8:]
		case tagFalse, tagTrue:
			row = append(row, tag == tagTrue)
		case tagString, tagBytes, tagRaw:
			n, k := binary.Uvarint(b)
			s := string(b[k : k+int(n)])
			b = b[k+int(n):]
			switch tag {
			case tagString:
				row = append(row, s)
			case tagBytes:
				row = append(row, Bytes(s))
			default:
				row = append(row, Raw(s))
			}
		default:
			row = append(row, nil)
		}
	}
	for len(row) < width {
		row = append(row, nil)
	}
	return row
}

// appendKey encodes values so that the bytes sort as the values do; down marks
// those that sort the other way.
func appendKey(b []byte, vs []Value, down []bool) []byte {
	for i, v := range vs {
		from := len(b)
		switch v := v.(type) {
		case nil:
			b = append(b, 0)
		case bool:
			b = append(b, 1, map[bool]byte{true: 1}[v])
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, 2), uint64(v)^1<<63)
		case float64:
			b = appendFloatKey(append(b, 2), v)
		case Raw:
			if r, ok := rational(v); ok {
				f, _ := r.Float64()
				b = appendFloatKey(append(b, 2), f)
			}
			b = appendTextKey(b, string(v))
		default:
			b = appendTextKey(b, Text(v))
		}
		if down != nil && down[i] {
			for k := from; k < len(b); k++ {
				b[k] = ^b[k]
			}
		}
	}
	return b
}

func appendFloatKey(b []byte, f float64) []byte {
	u := math.Float64bits(f)
	if u>>63 == 1 {
		u = ^u
	} else {
		u |= 1 << 63
	}
	return binary.BigEndian.AppendUint64(b, u)
}

// appendTextKey ends a text with 0 1 and escapes a 0 in it as 0 255, so that a
// prefix sorts first.
func appendTextKey(b []byte, s string) []byte {
	b = append(b, 3)
	for i := 0; i < len(s); i++ {
		b = append(b, s[i])
		if s[i] == 0 {
			b = append(b, 255)
		}
	}
	return append(b, 0, 1)
}
