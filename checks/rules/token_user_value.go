package rules

import (
	"slices"
	"strings"

	"badsig/checks/facts"
)

// This file is about where a user_id comes from that the code sets.

// idText is what the signing call gives as user_id, as its source has it; "" where
// the source doesn't set one, or wasn't read.
func idText(f *facts.Facts) string {
	if s := f.Site(); s != nil {
		for _, c := range s.Claims {
			if c.Name == "user_id" {
				return c.Text
			}
		}
	}
	return ""
}

// handedOver reports a signing call that gets its ID as an argument, where what
// is handed to it isn't a field that the front end sends: then the line to edit
// is the caller's.
func handedOver(f *facts.Facts, s *facts.Site) bool {
	u := s.User
	if !u.Known.Sure() || u.File == "" || u.Line == 0 || strings.ContainsAny(idText(f), ".( +`") {
		return false
	}
	switch u.From {
	case "constant":
		return true
	case "body", "query":
		if f.SignsName(sentNames(f)) != "" && idText(f) != "" && idText(f) != facts.LastName(u.Name) {
			return true // the call gives the name in the ID's place
		}
		return u.Name == "" || !slices.Contains(sentNames(f), u.Name)
	}
	return false
}
