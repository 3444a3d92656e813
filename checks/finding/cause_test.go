package finding

import (
	"testing"

	"badsig/checks/causes"
)

func TestCauseGetsItsTitleSeverityAndHopFromThePage(t *testing.T) {
	c := New(causes.TokenCacheable, Proven, "because", nil, nil)
	p, ok := causes.PageOf(causes.TokenCacheable)
	if !ok || c.Title != p.Title || c.Severity != causes.Warning || c.Hop != "front-backend" || c.Summary != "because" {
		t.Errorf("got %+v", c)
	}
	if c.Evidence == nil || c.Fix == nil {
		t.Error("evidence and fix are lists in JSON, never null")
	}
}
