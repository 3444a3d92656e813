package parts

import (
	"badsig/checks/causes"
	"badsig/tokens"
)

// ShapeOf returns the cause of a flaw in the token's format; "" for a flaw that
// only the claims show. A word such as "undefined" in the token's place was
// passed as the token, so the endpoint isn't at fault.
func ShapeOf(k tokens.FlawKind) causes.ID {
	id := causes.OfFlaw(k)
	if id == causes.TokenMissing {
		id = causes.TokenMalformed
	}
	if p, _ := causes.PageOf(id); p.Group != causes.TokenFormat {
		return ""
	}
	return id
}
