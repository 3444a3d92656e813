package ui

import (
	"fmt"
	"strconv"
	"time"
)

//go:noinline
func itoa(n int) string { return strconv.Itoa(n) }

// span says a duration as people do, in its two largest units: "59 m 58 s",
// "3 h 2 m", "12 d".
func span(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	switch {
	case d < time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d m %d s", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d m", int(d.Hours()), int(d.Minutes())%60)
	case d < 2*365*24*time.Hour:
		return fmt.Sprintf("%d d", int(d.Hours()/24))
	}
	return fmt.Sprintf("%d years", int(d.Hours()/24/365))
}

// rough says a duration in its largest unit: "3 min", "2 h".
func rough(d time.Duration) string {
	switch {
	case d < 0:
		return "0 s"
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d d", int(d.Hours()/24))
}

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
