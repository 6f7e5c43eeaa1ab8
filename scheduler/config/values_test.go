package config

import (
	"encoding"
	"testing"
)

// Values that the settings' types must refuse, and must not panic on, however they come to them.
func TestOddTextIsRefused(t *testing.T) {
	types := map[string]func() encoding.TextUnmarshaler{
		"count": func() encoding.TextUnmarshaler { return new(Count) }, "port": func() encoding.TextUnmarshaler { return new(Port) },
		"amount": func() encoding.TextUnmarshaler { return new(Amount) }, "duration": func() encoding.TextUnmarshaler { return new(Duration) },
		"flag": func() encoding.TextUnmarshaler { return new(Flag) }, "memory": func() encoding.TextUnmarshaler { return new(Memory) },
	}
	for kind, make := range types {
		for _, text := range []string{"", " ", "\x00", "\xff\xfe", "-", "é", "#", "1e999", "--1", "+-1", "0x", "-1%", "%", "."} {
			if err := make().UnmarshalText([]byte(text)); err == nil {
				t.Errorf("%s takes %q", kind, text)
			}
		}
	}
}

func TestValues(t *testing.T) {
	var amount Amount
	for text, want := range map[string]Amount{"1": 1000, "0.5": 500, "0.0005": 1, "1e3": 1000000, "-2": -2000} {
		if err := amount.UnmarshalText([]byte(text)); err != nil || amount != want {
			t.Errorf("%s: %d, %v", text, amount, err)
		}
	}
	var flag Flag
	for text, want := range map[string]Flag{"yes": true, "True": true, "T": true, "1": true, "no": false, "FALSE": false, "0": false} {
		flag = !want
		if err := flag.UnmarshalText([]byte(text)); err != nil || flag != want {
			t.Errorf("%s: %v, %v", text, flag, err)
		}
	}
}
