package tokens

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// Rules of this file:
//   - a hit is a proof: an HMAC over the exact received bytes whose beginning,
//     sixteen bytes at least, is the signature's
//   - stages go from likely to expensive: unchanged secrets, then the table of
//     damages, then typos of one and of two characters; a stage with a hit is
//     finished (typos of two characters: up to it) and the next one isn't started
//   - every stage is spread over all cores, ends early when ctx does, and allocates
//     per worker, never per try; only the typos of two characters, of which there are
//     millions, have a limit of their own: on a slow machine the likely ones are proven too

// Candidate is a secret to try, by its place in the caller's list.
type Candidate struct {
	ID     int
	Secret Secret
	Name   string // the variable that holds it, where that is known: a value may repeat it
	// Deep also tries the expensive damages (typos of one and two characters); for the dashboard's secret.
	Deep bool
}

// Hit is a proof: the candidate, with these damages (none: unchanged), signed the token.
type Hit struct {
	Candidate int      `json:"candidate"`
	Damages   []string `json:"damages,omitempty"`   // Damage.ID, in the order applied
	Positions []int    `json:"positions,omitempty"` // for what happens at a place: the character positions (0-based) that differ
	Length    int      `json:"length"`              // bytes of the secret that really signed
	Signed    string   `json:"fingerprint"`         // its fingerprint
}

// Signer is the finding of FindSigner.
type Signer struct {
	Hits       []Hit  `json:"hits,omitempty"`      // best first: undamaged before damaged, fewer damages before more, list order
	Candidates int    `json:"candidates"`          // how many distinct secrets were tried
	Damages    int    `json:"damages"`             // how many damages of each
	Tried      int    `json:"tried"`               // HMACs computed
	Truncated  bool   `json:"truncated,omitempty"` // the signature is cut, but its beginning fits Hits[0]
	Cut        bool   `json:"cut,omitempty"`       // time ended before every typo of two characters was tried: that there is no hit proves nothing
	Encoding   string `json:"encoding,omitempty"`  // how the signature had to be read: base64url (""), base64, hex
}

// Limits on the signed bytes, beyond which the expensive stages are skipped: a
// token of a megabyte isn't worth minutes of hashing.
const (
	maxDamageInput = 256 << 10
	maxTypoInput   = 16 << 10
	maxLastInput   = 2 << 10
)

// FindSigner finds which candidates signed these exact bytes. Candidates with the
// same bytes are tried once and all reported. Without a usable signature
// (none, or fewer than 16 bytes of it) nothing is tried.
func FindSigner(ctx context.Context, t Token, cs []Candidate) Signer {
	return findSigner(ctx, ctx, t, cs)
}

// FindSignerWithin is FindSigner with a limit on the typos of two characters,
// after which it ends with Cut.
func FindSignerWithin(ctx context.Context, limit time.Duration, t Token, cs []Candidate) Signer {
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return findSigner(ctx, bounded, t, cs)
}

// findSigner tries typos of two characters while bounded lasts, all else while ctx does.
func findSigner(ctx, bounded context.Context, t Token, cs []Candidate) Signer {
	distinct, same := dedupe(cs)
	out := Signer{Candidates: len(distinct), Damages: len(table())}
	goals := goalsOf(t)
	if len(goals) == 0 || len(distinct) == 0 {
		return out
	}
	s := search{ctx: ctx, input: []byte(t.SigningInput()), goals: goals, cs: distinct}
	var found []trial
	for _, stage := range []struct {
		ctx context.Context
		try func() []trial
	}{{ctx, s.plain}, {ctx, s.damaged}, {ctx, s.typos}, {bounded, s.typosOfTwo}, {bounded, s.lastResort}} {
		s.ctx = stage.ctx
		if found = stage.try(); len(found) > 0 {
			break
		}
		if s.ctx.Err() != nil {
			out.Cut = true
			break
		}
	}
	out.Tried = int(s.tried.Load())
	sort.SliceStable(found, func(i, j int) bool {
		a, b := found[i], found[j]
		return cmp.Or(len(a.hit.Damages)-len(b.hit.Damages), a.at-b.at, a.order-b.order) < 0
	})
	for i, f := range found {
		if i == 0 {
			out.Truncated, out.Encoding = f.goal.cut, f.goal.encoding
		}
		for _, id := range same[f.at] {
			h := f.hit
			h.Candidate = id
			if !slices.ContainsFunc(out.Hits, func(o Hit) bool { return o.Candidate == id }) {
				out.Hits = append(out.Hits, h)
			}
		}
	}
	sort.SliceStable(out.Hits, func(i, j int) bool {
		a, b := out.Hits[i], out.Hits[j]
		return cmp.Or(len(a.Damages)-len(b.Damages), place(cs, a.Candidate)-place(cs, b.Candidate)) < 0
	})
	return out
}

func place(cs []Candidate, id int) int {
	return slices.IndexFunc(cs, func(c Candidate) bool { return c.ID == id })
}

// dedupe keeps the first candidate of each secret; same lists the IDs that
// share it. Deep for one of them is deep for all.
func dedupe(cs []Candidate) (distinct []Candidate, same [][]int) {
	at := make(map[string]int, len(cs))
	for _, c := range cs {
		key := string(c.Secret.bytes())
		if i, seen := at[key]; seen {
			same[i] = append(same[i], c.ID)
			distinct[i].Deep = distinct[i].Deep || c.Deep
			if distinct[i].Name == "" {
				distinct[i].Name = c.Name
			}
			continue
		}
		at[key] = len(distinct)
		distinct, same = append(distinct, c), append(same, []int{c.ID})
	}
	return distinct, same
}

// goal is one reading of the signature: what an HMAC must begin with.
type goal struct {
	size     int    // of the HMAC: 32, 48, 64
	want     []byte // its beginning
	cut      bool   // fewer bytes than size
	encoding string
}

const minProof = 16 // bytes of a signature that are proof

// goalsOf lists the readings of a token's signature.
func goalsOf(t Token) []goal {
	if len(t.Segments) < 3 || t.Segments[2] == "devtoken" {
		return nil
	}
	text := t.Segments[2]
	var readings []goal
	b, how, _ := decodeSegment(text)
	if how == encPadding {
		how = encBase64
	}
	readings = append(readings, goal{want: b, encoding: how})
	for _, hexText := range []string{text, string(b)} {
		if h, ok := hexSegment(hexText[:len(hexText)&^1], -1); ok && len(h) >= minProof {
			readings = append(readings, goal{want: h, encoding: encHex})
		}
	}
	var goals []goal
	for _, g := range readings {
		sizes := []int{macSize(t.Alg())}
		if n := len(g.want); n != sizes[0] && (n == 32 || n == 48 || n == 64) || sizes[0] == 0 {
			sizes = append(sizes, min(max((n+15)/16*16, 32), 64))
		}
		for _, size := range sizes {
			if size == 0 || len(g.want) < minProof {
				continue
			}
			goals = append(goals, goal{size, g.want[:min(len(g.want), size)], len(g.want) < size, g.encoding})
		}
	}
	return goals
}

// trial is a hit with what sorting needs.
type trial struct {
	hit   Hit
	at    int // index into search.cs
	order int // of its job
	goal  goal
}

// search is the state that the stages share.
type search struct {
	ctx   context.Context
	input []byte
	goals []goal
	cs    []Candidate
	tried atomic.Int64
}

// spread runs n jobs on all cores, in their order. ctx is checked every few hundred
// tries. If one proof is enough, no job after one with a hit is started; those
// before it are finished, so that the outcome is always the same.
func (s *search) spread(n int, enough bool, job func(w *worker, i int)) []trial {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 0 {
		return nil
	}
	ws := make([]*worker, workers)
	var next, end atomic.Int64
	end.Store(int64(n))
	var wg sync.WaitGroup
	for k := range ws {
		ws[k] = newWorker(s)
		wg.Go(func() {
			for w := ws[k]; !w.make.stop; {
				i := next.Add(1) - 1
				if i >= end.Load() {
					break
				}
				w.job = int(i)
				before := len(w.found)
				if job(w, int(i)); enough && len(w.found) > before {
					end.Store(0) // jobs come in order: all before this one have begun
				}
			}
		})
	}
	wg.Wait()
	var found []trial
	for _, w := range ws {
		s.tried.Add(int64(w.tries))
		found = append(found, w.found...)
	}
	return found
}

// batch is how many secrets one job of the first stage tries.
const batch = 64

func (s *search) plain() []trial {
	return s.spread((len(s.cs)+batch-1)/batch, false, func(w *worker, i int) {
		for at := i * batch; at < min(len(s.cs), (i+1)*batch) && !w.make.stop; at++ {
			w.at, w.make.n, w.make.np = at, 0, 0
			w.try(s.cs[at].Secret.bytes())
		}
	})
}

func (s *search) damaged() []trial {
	if len(s.input) > maxDamageInput {
		return nil
	}
	return s.spread(len(s.cs), false, func(w *worker, i int) {
		b := s.cs[i].Secret.bytes()
		if len(b) == 0 || len(b) > maxDamaged {
			return
		}
		w.at, w.make.name = i, s.cs[i].Name
		w.make.singles(b)
		w.make.pairs(b)
	})
}

// deep lists the candidates whose typos are tried.
func (s *search) deep(limit int) (at []int) {
	if len(s.input) > limit {
		return nil
	}
	for i, c := range s.cs {
		if c.Deep && typoable(c.Secret.bytes()) {
			at = append(at, i)
		}
	}
	return at
}

func (s *search) typos() []trial {
	deep := s.deep(maxTypoInput)
	return s.spread(len(deep)*len(typoRows()), false, func(w *worker, i int) {
		w.at = deep[i/len(typoRows())]
		w.make.apply(typoRows()[i%len(typoRows())], s.cs[w.at].Secret.bytes())
	})
}

func (s *search) typosOfTwo() []trial { return s.pairsOfTypos(s.deep(maxTypoInput), false) }

func (s *search) lastResort() []trial { return s.pairsOfTypos(s.deep(maxLastInput), true) }

// pairsOfTypos makes a job of each candidate, class and first place.
func (s *search) pairsOfTypos(deep []int, last bool) []trial {
	type work struct{ at, class, place int }
	var jobs []work
	for _, at := range deep {
		for class := range typoPairs {
			if typoPairs[class].last != last {
				continue
			}
			for place := 0; place <= s.cs[at].Secret.Len(); place++ {
				jobs = append(jobs, work{at, class, place})
			}
		}
	}
	return s.spread(len(jobs), true, func(w *worker, i int) {
		b := s.cs[jobs[i].at].Secret.bytes()
		w.at = jobs[i].at
		w.room = append(w.room[:0], b...)
		w.room = slices.Grow(w.room, 2)
		w.make.pair(&typoPairs[jobs[i].class], w.room, b, jobs[i].place)
	})
}
