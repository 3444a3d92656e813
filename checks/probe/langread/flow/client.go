// Package flow follows a name of such a tree to what it holds.
package flow

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// KeyAndSecret picks a call's arguments by their names, else by position.
func KeyAndSecret(n *syntax.Node, k, s int) (key, secret *syntax.Node) {
	plain := 0
	for _, a := range n.Args {
		name := strings.ToLower(affix.ReplaceAll(a.Name, "_", ""))
		if a.Key != nil {
			name = strings.ToLower(affix.ReplaceAll(a.Key.Text, "_", ""))
		}
		switch {
		case name == "apikey" || name == "key":
			key = a.X
		case name == "apisecret" || name == "secret" || name == "apisecretkey":
			secret = a.X
		case name == "":
			if plain == k && key == nil {
				key = a.X
			}
			if plain == s && secret == nil {
				secret = a.X
			}
			plain++
		}
	}
	return key, secret
}
