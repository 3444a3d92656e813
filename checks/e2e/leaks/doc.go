// Package leaks attacks the built program as a whole: what it prints,
// writes, sends and starts is searched for secrets, its sockets are counted,
// and it is interrupted anywhere. It holds tests alone.
package leaks
