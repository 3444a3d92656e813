//go:build race

package tokens

// raced tells tests that count allocations: the race detector makes some of its own.
const raced = true
