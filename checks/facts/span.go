package facts

import (
	"strconv"
	"time"
)

const (
	day  = 24 * time.Hour
	year = 365 * day
)

// Span is a duration as people say it, in its largest unit: 0.4 s, 12 s, 3 min, 2 h, 5 days.
func Span(d time.Duration) string {
	switch d = d.Abs(); {
	case d < 10*time.Second && d%time.Second != 0:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case d < 2*time.Minute:
		return string(units(nil, d, time.Second, " s"))
	case d < 2*time.Hour:
		return string(units(nil, d, time.Minute, " min"))
	}
	return string(AppendSpan(nil, d.Truncate(time.Hour)))
}

// AppendSpan appends a duration in its two largest units, briefly: 12 s, 59 m 58 s, 3 h 2 m, 5 days.
func AppendSpan(b []byte, d time.Duration) []byte {
	switch d = d.Abs(); {
	case d < time.Second && d > 0:
		return append(strconv.AppendFloat(b, d.Seconds(), 'f', 1, 64), " s"...)
	case d < time.Minute:
		return units(b, d, time.Second, " s")
	case d < time.Hour:
		b = units(b, d, time.Minute, " m")
		if d %= time.Minute; d >= time.Second {
			b = units(append(b, ' '), d, time.Second, " s")
		}
		return b
	case d < 2*day:
		b = units(b, d, time.Hour, " h")
		if d %= time.Hour; d >= time.Minute {
			b = units(append(b, ' '), d, time.Minute, " m")
		}
		return b
	case d < 2*year:
		return units(b, d, day, " days")
	}
	return units(b, d, year, " years")
}

//go:noinline
func units(b []byte, d, unit time.Duration, name string) []byte {
	return append(strconv.AppendInt(b, int64(d/unit), 10), name...)
}
