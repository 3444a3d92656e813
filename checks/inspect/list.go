package inspect

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"

	"badsig/checks/affix"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - memory does not depend on how long a list is: a few batches are on the way at any time
//   - the order of the responses is that of the strings
//   - a string's result is there as soon as the string is: a batch ends where the input pauses

const (
	batchSize  = 64
	answerSize = 768     // bytes that a response is about as long as
	maxRecord  = 1 << 20 // bytes of one text of a list; what is longer is named and skipped
	maxJoined  = 200     // lines that one text may be joined from
)

// Record is one text of a list.
type Record struct {
	Text    string
	TooLong bool
}

// Records reads strings, one a line. Empty lines are skipped; a cURL command
// that goes on after a newline, and JSON that is spread over lines, are one.
type Records struct {
	r *bufio.Reader
}

// NewRecords reads from r.
func NewRecords(r io.Reader) *Records { return &Records{bufio.NewReaderSize(r, 256<<10)} }

// Waiting reports whether more can be read without waiting for the writer.
func (r *Records) Waiting() bool { return r.r.Buffered() > 0 }

// Next gives the next text; io.EOF after the last.
func (r *Records) Next() (Record, error) {
	for {
		line, long, err := r.line()
		if len(bytes.TrimSpace(line)) == 0 && !long {
			if err != nil {
				return Record{}, err
			}
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return Record{}, err
		}
		text := string(line)
		if !long && err == nil {
			text = r.join(text)
		}
		return Record{text, long}, nil
	}
}

// line reads up to a line's end, maxRecord bytes at most; the rest of a longer
// line is thrown away.
func (r *Records) line() (line []byte, long bool, err error) {
	part, err := r.r.ReadSlice('\n')
	if err == nil {
		return bytes.TrimRight(part, "\r\n"), false, nil
	}
	buf := bytes.Clone(part)
	for errors.Is(err, bufio.ErrBufferFull) {
		part, err = r.r.ReadSlice('\n')
		if len(buf)+len(part) <= maxRecord {
			buf = append(buf, part...)
		} else {
			long = true
		}
	}
	return bytes.TrimRight(buf, "\r\n"), long, err
}

// join adds the lines that belong to a string that began on this one.
func (r *Records) join(text string) string {
	switch {
	case continued(text):
		for n := 0; n < maxJoined && continued(text) && len(text) < maxRecord; n++ {
			line, long, err := r.line()
			if long {
				break
			}
			text += "\n" + string(line)
			if err != nil {
				break
			}
		}
	case open(text):
		whole := text
		for n := 0; n < maxJoined && len(whole) < maxRecord; n++ {
			line, long, err := r.line()
			if long {
				break
			}
			whole += "\n" + string(line)
			if err != nil || affix.ContainsAny(string(line), "}]") && json.Valid([]byte(whole)) {
				break
			}
		}
		return whole
	}
	return text
}

// continued recognizes a command that goes on in the next line.
func continued(s string) bool {
	s = strings.TrimLeft(s, "$> ")
	if len(s) < 5 || !strings.EqualFold(s[:4], "curl") {
		return false
	}
	return affix.HasSuffix(s, "\\") || affix.HasSuffix(s, "^") || affix.HasSuffix(s, "`")
}

// open recognizes JSON that is not at its end.
func open(s string) bool {
	s = strings.TrimSpace(s)
	return s == "{" || s == "[" || len(s) > 1 && s[0] == '{' && s[len(s)-1] != '}' && affix.Contains(s, `"`) && !json.Valid([]byte(s))
}

// Render writes a finding after b; n counts the strings from 1.
type Render func(b []byte, n int, f *Finding) []byte

// Rendered is the one finding of a string. A Finding was scrubbed when it was made.
func (f *Finding) Rendered(render Render) sanitize.Text {
	return sanitize.Vouched(string(render(nil, 1, f)))
}

type job struct {
	first   int
	records []Record
	out     chan done
}

type done struct {
	text    []byte
	verdict string
	n       int
}

// List inspects string after string on all cores and writes the results in order.
// head are strings that were read already. progress, which may be nil, is told
// now and then how many are done. worst is the worst verdict of all.
func (in *Inspector) List(ctx context.Context, head []Record, r *Records, w sanitize.Out, render Render, progress func(int)) (worst string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	jobs, order := make(chan job), make(chan chan done, 2*workers)
	used := make(chan []byte, 2*workers) // what has been written is written into again
	search := NewSearch()
	var wg sync.WaitGroup
	for range workers {
		own := in.ForList(search)
		wg.Go(func() {
			for j := range jobs {
				var room []byte
				select {
				case room = <-used:
				default:
					room = make([]byte, 0, batchSize*answerSize)
				}
				j.out <- own.work(ctx, j, render, room)
			}
		})
	}
	var readErr error
	wg.Go(func() {
		defer close(order)
		defer close(jobs)
		readErr = feed(ctx, head, r, jobs, order)
	})
	worst = accepted
	total := 0
	for out := range order {
		d := <-out
		worst = worse(worst, d.verdict)
		if err == nil {
			if err = sanitize.PrintVouched(w, d.text); err != nil {
				cancel()
			}
		}
		if cap(d.text) <= 2*batchSize*answerSize {
			select {
			case used <- d.text[:0]:
			default:
			}
		}
		if total += d.n; progress != nil {
			progress(total)
		}
	}
	if err != nil {
		// What blocks the reader is not ours to end: the process ends after us.
		return worst, err
	}
	wg.Wait()
	if err == nil {
		err = readErr
	}
	return worst, err
}

// feed reads the strings and hands them out in batches.
func feed(ctx context.Context, head []Record, r *Records, jobs chan<- job, order chan<- chan done) error {
	n := 1
	batch := append([]Record(nil), head...)
	send := func() bool {
		if len(batch) == 0 {
			return true
		}
		j := job{n, batch, make(chan done, 1)}
		n += len(batch)
		batch = make([]Record, 0, batchSize)
		select {
		case order <- j.out:
		case <-ctx.Done():
			return false
		}
		jobs <- j // a worker that received one always sends its result
		return true
	}
	for ctx.Err() == nil {
		if len(batch) >= batchSize || !r.Waiting() {
			if !send() {
				break
			}
		}
		rec, err := r.Next()
		if err != nil {
			send()
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		batch = append(batch, rec)
	}
	return context.Cause(ctx)
}

func (in *Inspector) work(ctx context.Context, j job, render Render, room []byte) done {
	d := done{verdict: accepted, n: len(j.records), text: room}
	var f Finding // of one text after another
	for i, rec := range j.records {
		if rec.TooLong {
			f = Finding{Inspection: Inspection{Kind: KindUnknown, Is: "a line of more than a megabyte, which is not read"}, Verdict: unproven, Says: []string{}}
		} else {
			f = in.Inspect(ctx, rec.Text)
		}
		d.verdict = worse(d.verdict, f.Verdict)
		d.text = render(d.text, j.first+i, &f)
	}
	return d
}

// worse gives the worse of two verdicts.
func worse(a, b string) string {
	for _, v := range []string{rejected, unproven} {
		if a == v || b == v {
			return v
		}
	}
	return accepted
}
