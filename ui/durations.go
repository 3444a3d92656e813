package ui

import (
	"fmt"
	"strconv"
	"time"

	"badsig/checks/facts"
)

//go:noinline
func itoa(n int) string { return strconv.Itoa(n) }

// span says a duration in its two largest units: "59 m 58 s", "12 days".
//
//go:noinline
func span(d time.Duration) string { return string(facts.AppendSpan(nil, d)) }

// rough says a duration in its largest unit, in whole seconds: "3 min", "2 h".
//
//go:noinline
func rough(d time.Duration) string { return facts.Span(max(d, 0).Truncate(time.Second)) }

// moment says a point in time by the clock, with the day where it is another one.
func moment(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04:05")
	}
	if d := t.Sub(now); d < 300*24*time.Hour && d > -300*24*time.Hour {
		return t.Format("2 Jan 15:04")
	}
	if y := t.Year(); y > 9999 {
		return "year " + itoa(y)
	}
	return t.Format("2 Jan 2006")
}

// took says how long a check took.
func took(ms float64) string {
	switch {
	case ms <= 0:
		return ""
	case ms < 1:
		return "<1ms"
	case ms < 1000:
		return fmt.Sprintf("%.0fms", ms)
	}
	return fmt.Sprintf("%.1fs", ms/1000)
}
