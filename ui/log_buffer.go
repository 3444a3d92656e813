package ui

import (
	"bytes"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"badsig/checks/affix"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - of a log's control sequences colors stay (SGR) and everything else goes: nothing of it moves the
//     cursor, changes the terminal or queries it
//   - memory is bounded: lines, their length, the unfinished line
//   - a line is tamed when it is looked at: of a flood that is a line in thousands

const (
	maxLines    = 10_000
	maxLineLen  = 4 << 10
	maxPending  = 64 << 10
	maxRequests = 200
)

// logLine is one line.
type logLine struct {
	text string
	raw  bool     // text is not tamed yet; ring.at does that
	mark bool     // badsig's own: started, ended
	req  *request // it is one of the documented lines
}

// request is what the documented server logs of one request.
type request struct {
	id, name string
	preview  string // the beginning of the token, "" where that line did not follow
	old      bool   // it was in the log before badsig came
}

func (r *request) line() string {
	return "Generated token for user: " + r.id + " (" + r.name + ")"
}

// ring is the last lines of the child's output.
type ring struct {
	lines    []logLine
	first    int // index of the oldest line once the ring is full
	dropped  int // lines that are gone
	pending  []byte
	requests []*request
}

var (
	userLine    = pattern.New(`Generated token for user:\s*(.*) \((.*)\)\s*$`)
	previewLine = pattern.New(`Token preview:\s*([A-Za-z0-9_\-.+/=]+)`)
)

// write reads output, line by line.
func (r *ring) write(p []byte) {
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			r.pending = append(r.pending, p...)
			if len(r.pending) > maxPending { // a line without an end
				r.flush()
			}
			return
		}
		if len(r.pending) == 0 {
			r.line(p[:i])
		} else {
			r.pending = append(r.pending, p[:i]...)
			r.flush()
		}
		p = p[i+1:]
	}
}

func (r *ring) flush() {
	r.line(r.pending)
	r.pending = r.pending[:0]
}

// documented is in the lines that the documented server logs of a request, one
// of them in each.
var documented = [][]byte{[]byte("for user:"), []byte("preview:")}

// line reads one whole line.
func (r *ring) line(p []byte) {
	line := logLine{text: string(p), raw: true}
	if len(p) > maxLineLen {
		line = logLine{text: tame(line.text)}
	}
	for _, d := range documented {
		if bytes.Contains(p, d) {
			r.recognise(&line)
			break
		}
	}
	r.add(line)
}

// recognise finds the documented lines.
func (r *ring) recognise(line *logLine) {
	plain := ansi.Strip(tame(line.text))
	if m := userLine.FindStringSubmatch(plain); m != nil {
		line.req = &request{id: m[1], name: m[2]}
		r.requests = append(r.requests, line.req)
		if len(r.requests) > maxRequests {
			r.requests = r.requests[1:]
		}
	} else if m := previewLine.FindStringSubmatch(plain); m != nil && len(r.requests) > 0 {
		line.req = r.requests[len(r.requests)-1]
		line.req.preview = strings.TrimRight(m[1], ".")
	}
}

// mark adds a line of badsig's own.
func (r *ring) mark(text string) {
	if len(r.pending) > 0 {
		r.flush()
	}
	r.add(logLine{text: clean(text), mark: true})
}

func (r *ring) add(l logLine) {
	if len(r.lines) < maxLines {
		r.lines = append(r.lines, l)
		return
	}
	r.lines[r.first] = l
	r.first = (r.first + 1) % maxLines
	r.dropped++
}

// disown says that the requests so far are from before badsig came: nothing follows from them.
func (r *ring) disown() {
	for _, q := range r.requests {
		q.old = true
	}
	r.requests = nil
}

// len counts the lines, the unfinished one included.
func (r *ring) len() int {
	n := len(r.lines)
	if len(r.pending) > 0 {
		n++
	}
	return n
}

// at gives a line, 0 being the oldest.
func (r *ring) at(i int) logLine {
	if i >= len(r.lines) {
		return logLine{text: tame(string(r.pending))}
	}
	l := r.lines[(r.first+i)%len(r.lines)]
	if l.raw {
		l.text, l.raw = tame(l.text), false
	}
	return l
}

// tame keeps a line's text and colors.
func tame(s string) string {
	s = strings.TrimRight(s, "\r")
	if i := strings.LastIndexByte(s, '\r'); i >= 0 { // a progress line: its last state counts
		s = s[i+1:]
	}
	if len(s) > maxLineLen {
		s = s[:maxLineLen] + "…"
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	colour, col := false, 0
	var state byte
	for len(s) > 0 {
		seq, w, n, next := ansi.DecodeSequence(s, state, nil)
		if n == 0 {
			break
		}
		state, s = next, s[n:]
		switch {
		case w > 0:
			b.WriteString(clean(seq))
			col += w
		case seq == "\t":
			n := 8 - col%8
			b.WriteString(strings.Repeat(" ", n))
			col += n
		case sgr(seq):
			b.WriteString(seq)
			colour = true
		case affix.HasPrefix(seq, "\x1b") || seq == "\a" || seq == "\b":
			// moves, titles, queries, bells: gone
		default:
			b.WriteString(clean(seq))
			col += len(seq)
		}
	}
	if colour {
		b.WriteString(ansi.ResetStyle)
	}
	return b.String()
}

// sgr reports whether a sequence only chooses colors and weights.
func sgr(seq string) bool {
	if !affix.HasPrefix(seq, "\x1b[") || !affix.HasSuffix(seq, "m") {
		return false
	}
	return strings.Trim(seq[2:len(seq)-1], "0123456789;:") == ""
}
