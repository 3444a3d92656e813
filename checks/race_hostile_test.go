//go:build race

package checks_test

// patience multiplies limits of work: the race detector makes everything slower.
const patience = 10
