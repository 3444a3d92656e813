package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hinshun/vt10x"

	"badsig/checks/sanitize"
)

// TestChanges draws frame after frame on an emulated screen by their
// differences alone, and compares with what should be there.
func TestChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, Options{}, 100, 30, rejected(t), accepted(t))
		vt := vt10x.New(vt10x.WithSize(100, 30))
		var was []sanitize.Text
		for _, k := range []string{"", "3", "down", "ctrl+g", "?", "esc", "ctrl+r", "0", "1", "2", "tiny", "0"} {
			if k == "tiny" {
				d.a.h = 5
			} else if k != "" {
				d.a.h = 30
				d.keys(k)
			}
			d.a.canvas = &canvas{}
			now := d.a.scrubbed(d.a.frame())
			d.a.canvas = nil
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

// TestAFloodSharesFrames counts the frames of one second in which a thousand
// pieces of output come in, and looks whether a key waits for any of them.
func TestAFloodSharesFrames(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, Options{}, 100, 30, accepted(t))
		withLog(d)
		c := &canvas{File: file}
		d.a.canvas = c
		d.keys("ctrl+l")
		c.drawn = time.Now()
		says := func(text string) { // what childSaid does, without a process to read on from
			d.a.s.child.ring.write([]byte(text))
			d.exec(d.a.paint(childMsg{output: []byte(text)}))
		}
		frames, was := 0, c.drawn
		for i := range 1000 {
			says(fmt.Sprintf("line %d\n", i))
			time.Sleep(time.Millisecond)
			d.settle()
			if !c.drawn.Equal(was) {
				frames, was = frames+1, c.drawn
			}
		}
		if frames < 5 || frames > 11 {
			t.Errorf("%d frames in a second of output, want about ten", frames)
		}
		says("the last one\n")
		d.keys("?")
		if !c.drawn.Equal(time.Now()) {
			t.Error("a key waits for the frame of a log")
		}
		d.keys("esc")
		d.pass(time.Second)
		if shown := fmt.Sprint(c.lines); !strings.Contains(shown, "the last one") {
			t.Errorf("the last line is not shown:\n%s", shown)
		}
	})
}
