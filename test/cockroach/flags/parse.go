package flags

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/cockroach/version"
)

// Parsed is a command line that the version accepts.
type Parsed struct {
	Command string
	Args    []string // positional
	set     *pflag.FlagSet
	lists   map[string]*values
}

// Usage is an error of the command line itself: unknown flag, bad value, wrong
// number of arguments. Help is the text printed in front of it, empty when the
// real program prints none.
type Usage struct {
	Command string
	Help    string
	Err     error
}

func (u *Usage) Error() string { return u.Err.Error() }

// Unwrap gives the cause.
func (u *Usage) Unwrap() error { return u.Err }

// ErrHelp is returned when --help was given; the help has been written.
var ErrHelp = errors.New("help was asked for")

// Memory is the total that percentages refer to, in bytes. The stand-in keeps no
// cache, so a round number is enough to check values against.
const Memory = 8 << 30

// Parse reads args (without the program's name) as v would. Help and lines
// about deprecated flags go to out and warn.
func Parse(args []string, v version.Version, out, warn io.Writer) (*Parsed, error) {
	name, rest, err := split(args, v)
	if err != nil {
		return nil, err
	}
	c, _, _ := find(name, v)
	p := &Parsed{Command: name, set: pflag.NewFlagSet(name, pflag.ContinueOnError), lists: map[string]*values{}}
	p.set.SetOutput(warn)
	p.set.Usage = func() {}
	for _, r := range rulesOf(name) {
		st, ok := r.in(v)
		if !ok {
			continue
		}
		p.lists[r.name] = define(p.set, r, v)
		switch st {
		case hidden:
			p.set.MarkHidden(r.name)
		case deprecated:
			p.set.MarkDeprecated(r.name, "it will be removed in a later version.")
		}
	}
	help := "Usage:\n  cockroach " + name + " [flags]\n\nFlags:\n" + p.set.FlagUsages() + "\n"
	if err := p.set.Parse(rest); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			fmt.Fprint(out, help)
			return nil, ErrHelp
		}
		return nil, &Usage{Command: name, Help: help, Err: err}
	}
	p.Args = p.set.Args()
	if err := c.arguments(p.Args, v); err != nil {
		return nil, &Usage{Command: name, Err: err}
	}
	return p, nil
}

// split takes the command's words off the front.
func split(args []string, v version.Version) (string, []string, error) {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		return "", nil, ErrHelp
	}
	if strings.HasPrefix(args[0], "-") {
		return "", nil, &Usage{Command: "cockroach", Err: fmt.Errorf("unknown flag: %s", args[0])}
	}
	group := args[0]
	if group != "node" && group != "cert" {
		if _, _, ok := find(args[0], v); !ok {
			return "", nil, &Usage{Command: "cockroach", Err: fmt.Errorf("unknown command %q for %q", args[0], "cockroach")}
		}
		return args[0], args[1:], nil
	}
	if len(args) == 1 {
		return "", nil, ErrHelp
	}
	name := group + " " + args[1]
	if _, _, ok := find(name, v); !ok {
		return "", nil, &Usage{Command: group, Err: fmt.Errorf("unknown command %q for %q", args[1], "cockroach "+group)}
	}
	return name, args[2:], nil
}

// Given says whether the flag was on the command line.
func (p *Parsed) Given(name string) bool { return p.set.Changed(name) }

// Text gives the last value of a flag, or fallback when it was not given.
func (p *Parsed) Text(name, fallback string) string {
	if all := p.All(name); len(all) > 0 {
		return all[len(all)-1]
	}
	return fallback
}

// All gives each value of a repeated flag, in order.
func (p *Parsed) All(name string) []string {
	if l := p.lists[name]; l != nil {
		return l.all
	}
	return nil
}

// Bool gives a boolean flag.
func (p *Parsed) Bool(name string) bool { return p.Text(name, "false") == "true" }

// Duration gives a duration flag, already checked.
func (p *Parsed) Duration(name string, fallback time.Duration) time.Duration {
	d, err := time.ParseDuration(p.Text(name, ""))
	if err != nil {
		return fallback
	}
	return d
}

// Bytes gives a size flag in bytes, already checked.
func (p *Parsed) Bytes(name string, fallback int64) int64 {
	if !p.Given(name) {
		return fallback
	}
	n, _ := parseSize(p.Text(name, ""), Memory)
	return n
}

// Addr splits a host[:port] flag, already checked.
func (p *Parsed) Addr(name string) (host, port string) {
	host, port, _ = splitAddr(p.Text(name, ""), false)
	return host, port
}

func parseBool(s string) (string, error) {
	b, err := strconv.ParseBool(s)
	return strconv.FormatBool(b), err
}
