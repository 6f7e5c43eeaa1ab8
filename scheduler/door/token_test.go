package door

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

const good = "0123456789abcdef"

func TestTokensOfAText(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		// has are those that are good afterwards; faults are parts of the messages.
		has    []string
		faults []string
	}{
		"one":                    {good, []string{good}, nil},
		"a line's end":           {good + "\r\n", []string{good}, nil},
		"two, while one changes": {good + "\nfedcba9876543210\n", []string{good, "fedcba9876543210"}, nil},
		"with names":             {"# people\n" + good + "\n\n  # scripts\n", []string{good}, nil},
		"base64":                 {"aGVsbG8gd29ybGQ/+8==", []string{"aGVsbG8gd29ybGQ/+8=="}, nil},
		"nothing":                {"", nil, []string{"holds no token"}},
		"only a remark":          {"# " + good, nil, []string{"holds no token"}},
		"short":                  {good[1:], nil, []string{"line 1 is shorter than 16 characters"}},
		"long":                   {strings.Repeat("a", 4097), nil, []string{"line 1 is longer than 4096"}},
		"two on a line":          {"a\n" + good + " " + good, nil, []string{"line 1 is shorter", "line 2 has characters"}},
		"letters of the world":   {"passwörter-sind-toll", nil, []string{"line 1 has characters"}},
		"many":                   {strings.Repeat(good+"\n", 101), []string{good}, []string{"more than 100 tokens"}},
	} {
		t.Run(name, func(t *testing.T) {
			tokens, faults := ParseTokens(tt.text)
			var said []string
			for _, fault := range faults {
				said = append(said, fault.Error())
				if strings.Contains(fault.Error(), good) {
					t.Errorf("%v shows a token", fault)
				}
			}
			if len(said) != len(tt.faults) {
				t.Fatalf("got %q, want %q", said, tt.faults)
			}
			for i, want := range tt.faults {
				if !strings.Contains(said[i], want) {
					t.Errorf("got %q, want %q", said[i], want)
				}
			}
			for _, want := range tt.has {
				if !tokens.Has(want) || tokens.Has(want+"x") || tokens.Has(want[1:]) || tokens.Has(strings.ToUpper(want)) {
					t.Errorf("%s is not the one that is good", want)
				}
			}
			if tokens.Has("") || tokens.Has("# people") {
				t.Error("no token is good")
			}
		})
	}
	if shown := fmt.Sprintf("%v %+v", must(ParseTokens(good)), must(ParseTokens(good))); strings.Contains(shown, good) {
		t.Errorf("%s shows a token", shown)
	}
}

func must(tokens Tokens, faults []*TokenError) Tokens {
	if len(faults) > 0 {
		panic(faults)
	}
	return tokens
}

func TestTheTokenThatARequestBrings(t *testing.T) {
	for name, tt := range map[string]struct {
		header http.Header
		want   string
	}{
		"none":                        {http.Header{}, ""},
		"RFC 6750":                    {http.Header{"Authorization": {"Bearer " + good}}, good},
		"in any case, with blanks":    {http.Header{"Authorization": {"bEARER   " + good}}, good},
		"a login of DC/OS":            {http.Header{"Authorization": {"token=" + good}}, ""},
		"a login of DC/OS, and ours":  {http.Header{"Authorization": {"token=eyJ"}, Header: {good}}, good},
		"a password":                  {http.Header{"Authorization": {"Basic " + good}}, ""},
		"a scheme without a token":    {http.Header{"Authorization": {"Bearer"}}, ""},
		"a token without a scheme":    {http.Header{"Authorization": {good}}, ""},
		"two":                         {http.Header{"Authorization": {"Bearer " + good, "Bearer " + good}}, ""},
		"ours twice":                  {http.Header{Header: {good, good}, "Authorization": {"Bearer " + good}}, ""},
		"ours counts, empty as it is": {http.Header{Header: {""}, "Authorization": {"Bearer " + good}}, ""},
	} {
		if got := Presented(tt.header); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// FuzzPresented: whatever stands in the headers, only the good token is good.
func FuzzPresented(f *testing.F) {
	tokens := must(ParseTokens(good))
	for _, seed := range []string{"", "Bearer", "Bearer " + good, "token=" + good, "bearer\t" + good, "Bearer  " + good + " ", "Bearer Bearer " + good, "\x00", good} {
		f.Add(seed, seed, true)
		f.Add(seed, "", false)
	}
	f.Fuzz(func(t *testing.T, authorization, own string, both bool) {
		header := http.Header{"Authorization": {authorization}}
		if both {
			header[Header] = []string{own}
		}
		token := Presented(header)
		if tokens.Has(token) && token != good {
			t.Fatalf("%q is good", token)
		}
		if both && token != own {
			t.Fatalf("%q, and the header has %q", token, own)
		}
		if !both && token != "" && (!strings.HasSuffix(strings.TrimSpace(authorization), token) || !strings.EqualFold(authorization[:7], "Bearer ")) {
			t.Fatalf("%q of %q", token, authorization)
		}
	})
}

// FuzzParseTokens: what a file holds makes tokens or faults, and never both for one line.
func FuzzParseTokens(f *testing.F) {
	for _, seed := range []string{"", good, "# x\n" + good + "\r\n", good + "\x00", strings.Repeat("a", 5000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens, faults := ParseTokens(text)
		if len(tokens.sums) == 0 && len(faults) == 0 {
			t.Fatal("neither a token nor a fault")
		}
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); len(line) < Shortest && tokens.Has(line) {
				t.Fatalf("%q is good", line)
			}
		}
	})
}

func TestRefusalsAreCountedAndToldOfNowAndThen(t *testing.T) {
	var log bytes.Buffer
	now := noon
	refusals := &Refusals{Log: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return now }, Every: time.Minute}
	request := &http.Request{RemoteAddr: "10.0.0.9:4711", Header: http.Header{"Authorization": {"Bearer " + good}}}
	for range 100 {
		refusals.Refused(request)
	}
	now = now.Add(time.Minute)
	refusals.Refused(request)
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"since the last such line"=1 "last from"=10.0.0.9`) || !strings.Contains(lines[1], "=100 ") {
		t.Errorf("%q", lines)
	}
	if refusals.Total() != 101 || strings.Contains(log.String(), good) {
		t.Errorf("%d, %s", refusals.Total(), &log)
	}
}
