//go:build !race

package checks_test

const patience = 1
