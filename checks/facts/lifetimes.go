package facts

import (
	"strconv"
	"strings"

	"badsig/checks/affix"
)

// Rules of this file:
//   - what a time comes to is worked out from what the source says of it, and from its text where the source's reader gave no more

// Ahead is by how many seconds a time is after the present one, as it is
// written: 600 in Math.floor(Date.now() / 1000) + 600, less than 0 in - 600; 0 where it is not.
func (c *Claim) Ahead() float64 {
	if w := c.When; w != nil {
		if w.Per == 1 && !w.Open {
			return w.Plus
		}
		return 0
	}
	i := max(strings.LastIndex(c.Text, " + "), strings.LastIndex(c.Text, " - "))
	if i < 0 || c.Unit != "seconds" || affix.ContainsAny(c.Text[:i], "+-") {
		return 0
	}
	if c.Text[i+1] == '-' {
		return -product(c.Text[i+3:])
	}
	return product(c.Text[i+3:])
}

// Span is a length of time in seconds, as jsonwebtoken and jose read it: a number of seconds, '10s', '-1 hour', '1h ago'.
func (c *Claim) Span() (float64, bool) {
	if w := c.When; w != nil {
		return w.Plus, w.Per == 0 && !w.Open
	}
	if c.Unit != "duration" {
		return 0, false
	}
	text, past := strings.CutSuffix(strings.ToLower(strings.TrimSpace(c.Text)), " ago")
	text = affix.TrimSuffix(text, " from now")
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz ")
	n, err := strconv.ParseFloat(affix.ReplaceAll(number, " ", ""), 64)
	unit := strings.TrimSpace(text[len(number):])
	if len(unit) > 1 && unit != "ms" {
		unit = affix.TrimSuffix(unit, "s")
	}
	if past {
		n = -n
	}
	seconds, ok := spans[unit]
	return n * seconds, ok && err == nil
}

// spans are the units of github.com/vercel/ms and of jose, in seconds; without one they are milliseconds.
var spans = map[string]float64{"": .001, "ms": .001, "msec": .001, "millisecond": .001, "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600,
	"d": 86400, "day": 86400, "w": 604800, "week": 604800, "y": 31557600, "yr": 31557600, "year": 31557600}

// Lasting is a time that is written as a number only, in seconds; 0 where it isn't.
func (c *Claim) Lasting() float64 {
	if c.When != nil && c.When.Per == 0 {
		return c.When.Plus
	}
	return product(c.Text)
}

var rubySeconds = map[string]float64{"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}

// product is the value of a number or of numbers multiplied, 0 for anything else.
func product(text string) float64 {
	n := 1.0
	for part := range strings.SplitSeq(text, "*") {
		part, unit, _ := affix.Cut(affix.TrimSuffix(strings.TrimSpace(part), ".to_i"), ".")
		if s, ok := rubySeconds[affix.TrimSuffix(unit, "s")]; ok { // 2.hours
			n *= s
		} else if unit != "" {
			part += "." + unit
		}
		v, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return 0
		}
		n *= v
	}
	return n
}
