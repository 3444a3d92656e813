// Package perf measures badsig as its users meet it: whole processes, side
// by side with what does the same work, in one run. It holds only tests:
//
//	BADSIG_FIGURES=1 go test -v -timeout 30m -run Figures ./checks/e2e/perf
//
// prints a table of figure, measured, bound and whether it holds, and fails
// where one does not. Ratios compare runs that took turns, so that other work
// on the machine slows both; absolute times say as much about the machine as
// about badsig. Without the variable each figure is taken once, small, and no
// bound is wanted: that keeps the measuring itself from rotting. It reads
// /proc and is therefore for Linux.
package perf
