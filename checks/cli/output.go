package cli

import (
	"fmt"
	"sync"

	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Rules of this file:
//   - what a command prints passes here, and has been scrubbed of every secret that is known by then

// print prints a command's result.
func (p *Program) print(text string) error { return p.Stdout.Print(sanitize.Printed(text, p.known)) }

// note prints one line on stderr.
func (p *Program) note(format string, args ...any) {
	_ = p.Stderr.Print(sanitize.Printed("badsig: "+fmt.Sprintf(format, args...)+"\n", p.known))
}

// knowledge is what may not be printed: the secrets of the flags, and those of
// the last run. Before there is one, it goes by shapes. It is safe for
// concurrent use, also as nil.
type knowledge struct {
	mu     sync.Mutex
	given  *tokens.Shreds
	world  *vault.World
	shapes sanitize.Shapes
}

// Redact removes it from a string.
func (k *knowledge) Redact(text string) string {
	if k == nil {
		return sanitize.Shapes{}.Redact(text)
	}
	k.mu.Lock()
	given, world, shapes := k.given, k.world, k.shapes
	k.mu.Unlock()
	if given != nil {
		text = given.Redact(text)
	}
	if world != nil {
		return world.RedactOwn(text)
	}
	return shapes.Redact(text)
}

// target adds what the flags gave.
func (k *knowledge) target(t *facts.Target) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !t.Secret.IsZero() {
		k.given = tokens.NewShreds(t.Secret)
	}
	k.shapes.Keep = []string{t.UserID, t.UserName}
}

// run adds what a run has found.
func (k *knowledge) run(w *vault.World) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if w != nil {
		k.world = w
	}
}
