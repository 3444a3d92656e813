package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/charmbracelet/x/ansi"

	"badsig/ui/theme"
)

var sizes = []rect{{120, 36}, {80, 24}, {60, 20}, {38, 9}, {200, 60}}

// screens are the ways to every pane and overlay.
var screens = []struct {
	name  string
	scene func(testing.TB) *scene
	keys  []string
}{
	{"wrong", rejected, nil},
	{"wrong-second", rejected, []string{"n"}},
	{"identity", rejected, []string{"1"}},
	{"token", rejected, []string{"2"}},
	{"checks", rejected, []string{"3", "end"}},
	{"checklist", rejected, []string{"ctrl+g", "down", "down"}},
	{"log", rejected, []string{"5"}},
	{"accepted", accepted, nil},
	{"down", down, nil},
	{"unproven", unproven, nil},
	{"paste", rejected, []string{"ctrl+p"}},
	{"compare", rejected, []string{"d"}},
	{"grid", rejected, []string{"x"}},
	{"tokens", rejected, []string{"t"}},
	{"explain", rejected, []string{"e"}},
	{"palette", rejected, []string{"ctrl+k", "copy"}},
	{"help", rejected, []string{"?"}},
}

// withLog gives a console a child with a log, where a screen shows it.
func withLog(d *driver) {
	c := newChild([]string{"npm", "run", "dev"})
	c.state, c.since = childUp, noon
	c.ring.mark("started npm run dev, process 4711")
	c.ring.write([]byte("\x1b[32mready\x1b[0m on 3001\nGenerated token for user: test123 (Test User)\nToken preview: eyJhbGciOiJIUzI1NiIsInR5...\n"))
	d.a.s.child = c
}

func open(t *testing.T, scene func(testing.TB) *scene, name string, keys []string, r rect) *driver {
	d := drive(t, Options{}, r.w, r.h, scene(t))
	if name == "log" {
		withLog(d)
	}
	return d.keys(keys...)
}

// TestGoldenFrames compares every screen in four sizes with what it looked
// like when someone last looked at it. go test ./ui -run Golden -update
// writes them anew.
func TestGoldenFrames(t *testing.T) {
	for _, sc := range screens {
		for _, r := range sizes {
			name := fmt.Sprintf("%s-%dx%d", sc.name, r.w, r.h)
			bubble(t, name, func(t *testing.T) {
				d := open(t, sc.scene, sc.name, sc.keys, r)
				got := ""
				for _, l := range strings.Split(d.screen(), "\n") {
					got += strings.TrimRight(l, " ") + "\n"
				}
				file := filepath.Join("testdata", name+".txt")
				if *update {
					if err := os.MkdirAll("testdata", 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("the frame changed; look at it, and if it is better: go test ./ui -run Golden -update\n%s", got)
				}
				if strings.Contains(got, appSecret[:20]) {
					t.Error("a secret is on the screen")
				}
			})
		}
	}
}

// TestEverySizeFits sweeps sizes with strings that break naive layouts.
func TestEverySizeFits(t *testing.T) {
	ws := []int{1, 2, 3, 5, 8, 13, 21, 34, 39, 40, 41, 47, 55, 60, 63, 72, 80, 95, 109, 110, 111, 119, 120, 140, 173, 200}
	hs := []int{1, 2, 3, 5, 9, 10, 11, 14, 20, 23, 24, 25, 29, 30, 36, 47, 60}
	if testing.Short() {
		ws = []int{1, 8, 39, 40, 63, 80, 120, 200}
		t.Logf("-short: %d widths", len(ws))
	}
	apart := 8 // each screen in each width and each height, each size on one screen in eight; in the long run all of all
	if os.Getenv("BADSIG_E2E") != "" {
		apart = 1
	}
	for n, sc := range screens {
		for k, make := range []func(testing.TB) *scene{hostile, sc.scene} {
			synctest.Test(t, func(t *testing.T) {
				d := open(t, make, sc.name, sc.keys, rect{120, 36})
				for i, w := range ws {
					for j, h := range hs {
						if (i+j+2*k+n)%apart != 0 {
							continue
						}
						d.a.w, d.a.h = w, h
						inBounds(t, sc.name, d.a.View(), w, h)
					}
				}
			})
		}
	}
}

func inBounds(t *testing.T, name, frame string, w, h int) {
	t.Helper()
	lines := strings.Split(frame, "\n")
	if len(lines) > h {
		t.Fatalf("%s at %d×%d: %d lines", name, w, h, len(lines))
	}
	for _, l := range lines {
		if n := ansi.StringWidth(l); n > w {
			t.Fatalf("%s at %d×%d: a line of %d cells: %q", name, w, h, n, l)
		}
		if strings.ContainsAny(ansi.Strip(l), "\t\x1b\r\a\b") || strings.ContainsRune(l, '\u202e') {
			t.Fatalf("%s at %d×%d: a control character in %q", name, w, h, l)
		}
	}
}

// TestASCII draws every screen with nothing but ASCII.
func TestASCII(t *testing.T) {
	for _, sc := range screens {
		bubble(t, sc.name, func(t *testing.T) {
			d := open(t, sc.scene, sc.name, sc.keys, rect{120, 36})
			d.a.opt.ASCII = true
			for _, r := range d.screen() {
				if r > 126 {
					t.Fatalf("%q on the screen:\n%s", r, d.screen())
				}
			}
		})
	}
}

// TestNoColor drops every color and keeps what words and weight say.
func TestNoColor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, rejected, "wrong", nil, rect{120, 36})
		for _, seq := range strings.Split(d.a.View(), "\x1b[")[1:] {
			code, _, _ := strings.Cut(seq, "m")
			for _, n := range strings.Split(code, ";") {
				if len(n) == 2 && (n[0] == '3' || n[0] == '4' || n[0] == '9') {
					t.Fatalf("a colour: %q", code)
				}
			}
		}
	})
}

// TestOneRedBox pins that in a colored frame the only red border is
// that of what must be changed.
func TestOneRedBox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, rejected, "wrong", nil, rect{120, 36})
		d.a.s.th = theme.New(true)
		corners := 0
		for _, l := range strings.Split(d.a.View(), "\n") {
			corners += strings.Count(l, "\x1b[31m╭")
		}
		if corners != 1 {
			t.Errorf("%d red boxes", corners)
		}
	})
}
