package probe

// Rules of this file:
//   - names, imports and callers lead on and on, in circles too, and where each has several the ways multiply: one question
//     ends after a number of steps, and what was not followed to its end is unknown
//   - a run that is over asks nothing more

const (
	// maxSteps bounds the expressions that are followed for one question. A
	// secret that goes through every caller of a function takes some hundreds.
	maxSteps = 10_000
	// maxText bounds a text that is put together of others.
	maxText = 64 << 10
)

// ask begins a question, if none is being asked; what it gives ends it.
func (g *graph) ask() (end func()) {
	if g.asking {
		return func() {}
	}
	g.asking, g.steps = true, maxSteps
	return func() { g.asking = false }
}

// step counts one expression that is followed; false says that it is not to be.
func (g *graph) step() bool {
	g.steps--
	return g.steps > 0 && (g.steps%1024 != 0 || !g.over())
}

// over tells whether the run is.
func (g *graph) over() bool { return g.ctx.Err() != nil }
