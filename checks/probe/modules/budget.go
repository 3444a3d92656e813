package modules

// Rules of this file:
//   - names, imports and callers lead on and on, in circles too, and where each has several the ways multiply: one question
//     ends after a number of steps, and what was not followed to its end is unknown
//   - a run that is over asks nothing more

const (
	// maxSteps bounds the expressions that are followed for one question. A
	// secret that goes through every caller of a function takes some hundreds.
	maxSteps = 10_000
	// MaxText bounds a text that is put together of others.
	MaxText = 64 << 10
)

// Ask begins a question, if none is being asked; what it gives ends it.
func (g *Graph) Ask() (end func()) {
	if g.asking {
		return func() {}
	}
	g.asking, g.Steps = true, maxSteps
	return func() { g.asking = false }
}

// Step counts one expression that is followed; false says that it is not to be.
func (g *Graph) Step() bool {
	g.Steps--
	return g.Steps > 0 && (g.Steps%1024 != 0 || !g.Over())
}

// Over tells whether the run is.
func (g *Graph) Over() bool { return g.Ctx.Err() != nil }
