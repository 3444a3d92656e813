package facts

import (
	"testing"
	"time"
)

func TestSpans(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		0: {"0 s", "0 s"}, 400 * time.Millisecond: {"0.4 s", "0.4 s"}, 3 * time.Second: {"3 s", "3 s"}, -3500 * time.Millisecond: {"3.5 s", "3 s"},
		59 * time.Second: {"59 s", "59 s"}, 90 * time.Second: {"90 s", "1 m 30 s"}, 3598 * time.Second: {"59 min", "59 m 58 s"}, 10 * time.Minute: {"10 min", "10 m"},
		25*time.Hour + time.Minute: {"25 h", "25 h 1 m"}, 24 * time.Hour: {"24 h", "24 h"}, 100 * time.Hour: {"4 days", "4 days"}, 20000 * time.Hour: {"2 years", "2 years"},
	} {
		if got := [2]string{Span(d), string(AppendSpan(nil, d))}; got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
