package tokens

import (
	"cmp"
	"context"
	"slices"
	"sort"
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
	Hits       []Hit  `json:"hits,omitempty"`      // best first: unchanged before corrupted, fewer damages before more, list order
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
