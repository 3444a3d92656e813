//go:build race

package checks_test

// patience multiplies limits of time: the race detector makes everything slower.
const patience = 5
