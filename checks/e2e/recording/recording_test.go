//go:build linux

package recording

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hinshun/vt10x"
)

// Rules of this file:
//   - the bytes are the program's; only the time at which each scene is shown is made up
//   - a scene is recorded when what it waits for is on the screen and nothing has been written for a moment; the test
//     waits for the words that were recorded

const (
	wide, high = 100, 30
	cast       = "../../../.github/recording/demo.cast"
	picture    = "../../../.github/recording/demo.svg"
	again      = "record it anew: .github/recording/make"
)

// scenes are what is typed, what shows that it is done, and for how many seconds it is shown.
var scenes = []struct {
	keys, sees string
	shown      float64
}{
	{"", "The API secret ends in a space", 5},
	{"e", "Symptoms", 3},
	{"\x1b", "Evidence", 1},
	{"F", "makes the edit", 4},
	{"y", "accepts this token", 6},
}

// event is one line of a cast: when, "o", and what was written.
type event struct {
	at   float64
	data string
}

// record runs the demo and gives one event a scene.
func record(t *testing.T) []event {
	t.Helper()
	c := open(t, nil, "demo", "--fault", "secret-whitespace")
	var events []event
	at := 0.0
	for _, s := range scenes {
		c.types(s.keys)
		c.until(s.sees, func(screen string, quiet time.Duration) bool {
			return strings.Contains(screen, s.sees) && quiet > 300*time.Millisecond
		})
		events = append(events, event{at, c.wrote()})
		at += s.shown
	}
	return events
}

// frames are the screens after each event.
func frames(events []event) [][][]vt10x.Glyph {
	vt := vt10x.New(vt10x.WithSize(wide, high))
	var out [][][]vt10x.Glyph
	for _, e := range events {
		_, _ = vt.Write([]byte(e.data))
		var frame [][]vt10x.Glyph
		for y := range high {
			var row []vt10x.Glyph
			for x := range wide {
				row = append(row, vt.Cell(x, y))
			}
			frame = append(frame, row)
		}
		out = append(out, frame)
	}
	return out
}

// text is a drawn screen's.
func text(frame [][]vt10x.Glyph) string {
	var b strings.Builder
	for _, row := range frame {
		for _, g := range row {
			b.WriteRune(max(g.Char, ' '))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// words are what a screen says without what differs from run to run: numbers, keys, hashes, tokens.
func words(screen string) []string {
	var out []string
	for _, field := range strings.Fields(screen) {
		parts := word.FindAllString(field, -1)
		key := func(w string) bool { return len(w) == 12 } // one in fifty has no digit, in STREAM_API_KEY=… too
		if !strings.ContainsAny(field, "0123456789…#") && !slices.ContainsFunc(parts, key) {
			out = append(out, parts...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

var word = regexp.MustCompile(`[A-Za-z]{3,}`)

func writeCast(t *testing.T, events []event) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `{"version": 2, "width": %d, "height": %d, "title": "badsig demo"}`+"\n", wide, high)
	for _, e := range events {
		data, err := json.Marshal(e.data)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "[%.1f, \"o\", %s]\n", e.at, data)
	}
	if err := os.WriteFile(cast, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readCast(t *testing.T) []event {
	t.Helper()
	raw, err := os.ReadFile(cast)
	if err != nil {
		t.Fatalf("%v; %s", err, again)
	}
	var out []event
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n")[1:] {
		var parts []any
		if err := json.Unmarshal([]byte(line), &parts); err != nil {
			t.Fatal(err)
		}
		out = append(out, event{parts[0].(float64), parts[2].(string)})
	}
	return out
}

// The picture in the README is drawn from the cast, and the cast shows what the program shows today.
func TestRecording(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds badsig and runs it")
	}
	if os.Getenv("BADSIG_RECORDING") != "" {
		writeCast(t, record(t))
		if err := os.WriteFile(picture, []byte(draw(readCast(t))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	then := readCast(t)
	if len(then) != len(scenes) {
		t.Fatalf("the cast has %d scenes of %d; %s", len(then), len(scenes), again)
	}
	c := open(t, nil, "demo", "--fault", "secret-whitespace")
	for i, frame := range frames(then) {
		c.types(scenes[i].keys)
		recorded := words(text(frame))
		c.until(fmt.Sprintf("scene %d as it was recorded, with the words %v (or %s)", i+1, recorded, again), func(screen string, _ time.Duration) bool {
			return slices.Equal(words(screen), recorded)
		})
	}
	if svg, err := os.ReadFile(picture); err != nil || string(svg) != draw(then) {
		t.Errorf("the picture isn't drawn from the cast (%v); %s", err, again)
	}
}

// The demo draws its key: a screen has the same words with any.
func TestWordsOfAKey(t *testing.T) {
	if a, b := words("set STREAM_API_KEY=xqhfqxyyczpj"), words("set STREAM_API_KEY=xq7fqxyyczpj"); !slices.Equal(a, b) || len(a) != 1 {
		t.Errorf("%v and %v", a, b)
	}
}
