package finding

import "fmt"

//go:noinline
func Plural(n int, s string) string {
	if n == 1 {
		return "1 " + s
	}
	return fmt.Sprintf("%d %ss", n, s)
}

// Line says what was found and what was expected: "exp: found 3600, expected
// seconds since 1970". What is only found needs no word for it.
//
//go:noinline
func (e Evidence) Line() string {
	s := e.Label
	switch {
	case e.Got != "" && e.Want != "":
		s += ": found " + e.Got + ", expected " + e.Want
	case e.Got != "":
		s += ": " + e.Got
	case e.Want != "":
		s += ": expected " + e.Want
	}
	return s
}
