//go:build !race

package checks_test

const patience = 2 // a machine that is busy makes work itself slower, too
