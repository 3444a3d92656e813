package modules

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/envfile"
)

// DotenvOf is how the version of dotenv reads that a package requests.
func DotenvOf(k *Package) envfile.Dialect {
	if k == nil {
		return envfile.Dotenv
	}
	v := strings.TrimSpace(k.Deps["dotenv"])
	if v == "" || affix.ContainsAny(v, "><|* xX-") { // a range without an upper end may be any
		return envfile.Dotenv
	}
	if n := Major(v); n > 0 && n < 15 {
		return envfile.DotenvOld
	}
	return envfile.Dotenv
}

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
