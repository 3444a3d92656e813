package probe

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"sync"
	"time"

	"badsig/tokens"
)

// Rules of this file:
//   - what identifies an answer is a keyed hash that means nothing outside this process
//   - an answer is forgotten after MaxAge, when the memory is told to, or when it may have changed by the clock alone

// Memory keeps Stream's answers between runs of one console, so that Stream is
// asked again only when key, secret or token changed. It is safe for
// concurrent use; it holds no secret and no token.
type Memory struct {
	// MaxAge is how long an answer is good; it may be set before first use.
	MaxAge time.Duration

	mu      sync.Mutex
	salt    [32]byte
	answers map[[32]byte]remembered
}

// remembered is one answer of Stream's.
type remembered struct {
	reply reply
	at    time.Time
}

const (
	defaultMaxAge = 10 * time.Minute
	maxRemembered = 256
	// limitedAge is how long Stream is left alone after it asked for that.
	limitedAge = 30 * time.Second
)

// NewMemory gives an empty memory.
func NewMemory() *Memory {
	m := &Memory{MaxAge: defaultMaxAge, answers: map[[32]byte]remembered{}}
	_, _ = rand.Read(m.salt[:]) // crypto/rand.Read never fails
	return m
}

// Forget drops every answer, so that the next run asks Stream again.
func (m *Memory) Forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.answers)
}

// id gives what identifies an answer.
func (m *Memory) id(parts ...string) [32]byte {
	h := hmac.New(sha256.New, m.salt[:])
	h.Write([]byte(strings.Join(parts, "\x00")))
	return [32]byte(h.Sum(nil))
}

// pairID identifies the answer to a pair. A token minted for the year 1970
// stands for the secret: equal tokens mean equal secrets.
func (m *Memory) pairID(base, key string, s tokens.Secret, spoilt bool) [32]byte {
	kind := "pair"
	if spoilt {
		kind = "control"
	}
	stands, err := tokens.MintServer(s, time.Unix(0, 0))
	if err != nil {
		stands = "none"
	}
	return m.id(kind, base, key, stands)
}

// tokenID identifies the answer to a token. What the clock says about the
// token is part of it: an expired token's answer is another one.
func (m *Memory) tokenID(base, key string, t tokens.Token, now time.Time) [32]byte {
	parts := []string{"token", base, key, t.Raw}
	for _, f := range t.FlawsAt(now, 0) {
		parts = append(parts, f.Kind)
	}
	return m.id(parts...)
}

func (m *Memory) recall(id [32]byte, now time.Time) (reply, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.answers[id]
	age := now.Sub(r.at)
	if !ok || age < 0 || age > m.MaxAge || (r.reply.answer.Status == 429 && age > limitedAge) {
		delete(m.answers, id)
		return reply{}, false
	}
	return r.reply, true
}

// keep remembers an answer; a failure to get one is never remembered.
func (m *Memory) keep(id [32]byte, r reply, now time.Time) {
	if r.answer.Error != "" && r.answer.Error != "rate-limited" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.answers) >= maxRemembered {
		clear(m.answers)
	}
	m.answers[id] = remembered{r, now}
}
