package ui

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"badsig/checks/sanitize"
)

// Rules of this file:
//   - a frame is written in the moment in which it exists, once, and only the lines that changed
//   - what comes in bursts (events, a log) shares frames; a key never waits
//   - entering and leaving the screen, the cursor, paste mode, suspending and panics stay Bubble Tea's
//
// Bubble Tea v1 draws from a ticker, 60 times a second whether something
// changed or not: a key waits for up to 17 ms, and an idle console uses close
// to one percent of a processor. Here its renderer ticks once a second and has
// nothing to draw; what it writes of frames all the same is dropped.

// canvas is the terminal: one writer for the renderer, frames and OSC 52, so
// that whole writes do not run into each other. It stays a terminal to Bubble
// Tea, which reads its size from it.
type canvas struct {
	*os.File
	mu    sync.Mutex
	lines []sanitize.Text // as they are on the screen
	w, h  int
	drawn time.Time
	due   time.Time // when a promised frame comes; zero: none is
	left  bool      // to another program: nothing is written any more

	scrubbed scrubbedFrame
}

// The largest window that is drawn; of a larger one the rest stays empty.
const (
	maxWidth  = 1000
	maxHeight = 500
)

// The least time between frames that no one waits for, and between those
// that only a log's next lines are for: no one reads sixty of them a second.
const (
	burst    = 16 * time.Millisecond
	logBurst = 100 * time.Millisecond
)

// dueMsg brings the frame that was put off.
type dueMsg time.Time

// paint shows what a message changed: immediately or, in a burst, soon.
func (a *app) paint(msg tea.Msg) tea.Cmd {
	c := a.canvas
	if c == nil || a.w <= 0 {
		return nil
	}
	switch msg := msg.(type) {
	case tea.KeyMsg, tea.WindowSizeMsg, tea.ResumeMsg, tickMsg:
	case dueMsg:
		if !c.due.Equal(time.Time(msg)) {
			return nil // a frame came in between
		}
	default:
		apart := burst
		if m, ok := msg.(childMsg); ok && m.output != nil {
			apart = logBurst
		}
		if at := c.drawn.Add(apart); time.Now().Before(at) {
			if !c.due.IsZero() && !c.due.After(at) {
				return nil
			}
			c.due = at
			return tea.Tick(time.Until(at), func(time.Time) tea.Msg { return dueMsg(at) })
		}
	}
	c.draw(a.scrubbed(a.frame()), a.w, a.h)
	c.drawn, c.due = time.Now(), time.Time{}
	return nil
}

// Write handles what Bubble Tea writes. A frame of its renderer begins by moving
// the cursor home.
func (c *canvas) Write(p []byte) (int, error) {
	if len(p) > len(ansi.CursorHomePosition) && bytes.HasPrefix(p, []byte(ansi.CursorHomePosition)) {
		return len(p), nil
	}
	return c.write(p)
}

// WriteString is Write, and not that of the terminal below.
func (c *canvas) WriteString(s string) (int, error) { return c.Write([]byte(s)) }

func (c *canvas) write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left {
		return len(p), nil
	}
	return c.File.Write(p)
}

// print writes a line below the frames.
func (c *canvas) print(t sanitize.Text) { _, _ = c.write([]byte(t.String() + "\n")) }

// scrubbed is a frame without what may not be drawn. A line that is on the
// screen was scrubbed before, unless something more is known since.
func (a *app) scrubbed(frame string) []sanitize.Text {
	lines := strings.Split(frame, "\n")
	d, now := &a.canvas.scrubbed, a.s.knows()
	if a.links.on && a.links.gather(a) || d.knows != now {
		d.lines, d.knows = nil, now
	}
	texts := make([]sanitize.Text, len(lines))
	for i, l := range lines {
		if i < len(d.lines) && d.lines[i] == l {
			texts[i] = d.texts[i]
		} else {
			texts[i] = sanitize.Drawn(l, onScreen{a.s})
			if a.links.on {
				texts[i] = sanitize.Linked(texts[i], a.links.find(texts[i].String()), onScreen{a.s})
			}
		}
	}
	d.lines, d.texts = lines, texts
	return texts
}

// scrubbedFrame is the last frame before and after.
type scrubbedFrame struct {
	knows knows
	lines []string
	texts []sanitize.Text
}

// restore leaves what Bubble Tea has entered: the other screen, paste mode, a hidden cursor.
func (c *canvas) restore() {
	_, _ = c.write([]byte(ansi.ResetModeBracketedPaste + ansi.ShowCursor + ansi.ResetModeAltScreenSaveCursor))
}

// leave drops what is still to be written.
func (c *canvas) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = true
}

// forget makes the next frame a whole one.
func (c *canvas) forget() { c.lines = nil }

// draw writes what differs between a frame and the screen.
func (c *canvas) draw(now []sanitize.Text, w, h int) {
	if w != c.w || h != c.h {
		c.lines, c.w, c.h = nil, w, h
	}
	b := changes(c.lines, now, w, h)
	c.lines = now
	if len(b) == 0 {
		return
	}
	_, _ = c.write(b)
}

// changes is the bytes that turn the lines on a screen of w×h cells into
// others; was nil means that nothing is known of the screen.
func changes(was, now []sanitize.Text, w, h int) []byte {
	var b []byte
	begin := func(row int) {
		b = append(b, "\x1b["...)
		b = strconv.AppendInt(b, int64(row+1), 10)
		b = append(b, ";1H"...)
	}
	for i, l := range now {
		if i < len(was) && was[i] == l {
			continue
		}
		begin(i)
		b = append(b, l.String()...)
		if ansi.StringWidth(l.String()) < w {
			b = append(b, ansi.EraseLineRight...)
		}
	}
	end := len(was)
	if was == nil {
		end = h
	}
	for i := len(now); i < end; i++ {
		begin(i)
		b = append(b, ansi.EraseEntireLine...)
	}
	return b
}
