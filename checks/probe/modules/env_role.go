package modules

import "strings"

// Major reads the first number of a version range; 0 where there is none.
func Major(v string) int {
	v = strings.TrimLeft(v, "^~>=v< ")
	n := 0
	for _, r := range v {
		if r < '0' || r > '9' {
			break
		}
		n = n*10 + int(r-'0')
	}
	return n
}
