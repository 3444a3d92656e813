package ui

import (
	"testing"
	"time"
)

func TestSpans(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.0 s", 400 * time.Millisecond: "0.4 s", 59 * time.Second: "59 s", 3598 * time.Second: "59 m 58 s",
		25 * time.Hour: "25 h 0 m", 100 * time.Hour: "4 d", -5 * time.Second: "5 s", 20000 * time.Hour: "2 years",
	} {
		if got := span(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
