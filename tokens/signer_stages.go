package tokens

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Rules of this file:
//   - a stage is spread over all cores, in the order of its jobs, and its outcome is always the same

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
