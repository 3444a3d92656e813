package ui

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hinshun/vt10x"
)

// TestChanges draws frame after frame on an emulated screen by their
// differences alone, and compares with what should stand there.
func TestChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, Options{}, 100, 30, rejected(t), accepted(t))
		vt := vt10x.New(vt10x.WithSize(100, 30))
		var was []string
		for _, k := range []string{"", "3", "down", "ctrl+g", "?", "esc", "ctrl+r", "0", "1", "2", "tiny", "0"} {
			if k == "tiny" {
				d.a.h = 5
			} else if k != "" {
				d.a.h = 30
				d.keys(k)
			}
			now := strings.Split(d.a.frame(), "\n")
			_, _ = vt.Write(changes(was, now, 100, 30))
			was = now
			shown := strings.Split(vt.String(), "\n")
			want := strings.Split(d.screen(), "\n")
			for i, l := range shown {
				w := ""
				if i < len(want) {
					w = want[i]
				}
				if strings.TrimRight(l, " ") != strings.TrimRight(w, " ") {
					t.Fatalf("after %q line %d shows\n%s\nwant\n%s", k, i, l, w)
				}
			}
		}
		if b := changes(was, was, 100, 30); len(b) != 0 {
			t.Errorf("an unchanged frame costs %d bytes", len(b))
		}
	})
}
