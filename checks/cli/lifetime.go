package cli

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"time"
)

// lifetime is a flag's duration, which may have days: 1d, 1d12h, 0.5d.
type lifetime time.Duration

// days begins a duration.
var days = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)d`)

// Set reads a duration.
func (l *lifetime) Set(s string) error {
	whole := time.Duration(0)
	if m := days.FindStringSubmatch(s); m != nil {
		n, err := strconv.ParseFloat(m[1], 64)
		if err != nil || n*24 > math.MaxInt64/float64(time.Hour)/2 {
			return errors.New("too long")
		}
		whole = time.Duration(n * 24 * float64(time.Hour))
		if s = s[len(m[0]):]; s == "" {
			*l = lifetime(whole)
			return nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return err
	}
	*l = lifetime(whole + d)
	return nil
}

// String is the duration as Go writes it.
func (l *lifetime) String() string { return time.Duration(*l).String() }

// Type names it for messages and completions.
func (l *lifetime) Type() string { return "lifetime" }
