package parts

import (
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file, about the line that a person edits:
//   - a claim's own line for a claim, the signing call for the algorithm, the line that wraps or cuts for the token's form
//   - where the source didn't show it, the next wider place: the signing call, the response, the route

// SignAt is the signing call.
func SignAt(f *facts.Facts) *finding.Location {
	if s := f.Site(); s != nil && s.File != "" {
		return finding.LocAt(s.File, s.Line)
	}
	if l := SigningPlace(f); l != nil { // made by hand: the line that reads the secret
		return l
	}
	return MintsAt(f)
}

// claimAt is the line of the first of some claims or options that the signing call
// has; the signing call where it has none of them.
func claimAt(f *facts.Facts, names ...string) *finding.Location {
	if s := f.Site(); s != nil {
		for _, name := range names {
			for i := range s.Claims {
				if c := &s.Claims[i]; c.Name == name && c.File != "" && c.Line > 0 {
					return finding.LocAt(c.File, c.Line)
				}
			}
		}
	}
	return SignAt(f)
}

// ExpAt, iatAt and nbfAt are where a time of the token is decided.
func ExpAt(f *facts.Facts) *finding.Location {
	return claimAt(f, "exp", "expiresIn", "validity_in_seconds", "expires_in", "expiration")
}

func iatAt(f *facts.Facts) *finding.Location { return claimAt(f, "iat", "noTimestamp") }

func nbfAt(f *facts.Facts) *finding.Location { return claimAt(f, "nbf", "notBefore") }

// TimeAt is where one time is decided.
func TimeAt(f *facts.Facts, claim string) *finding.Location {
	switch claim {
	case "exp":
		return ExpAt(f)
	case "iat":
		return iatAt(f)
	case "nbf":
		return nbfAt(f)
	}
	return claimAt(f, claim)
}

// TakenAt is the line on which the way from the signing call first comes to
// something of a kind that a name tells: where the code uses the key as the
// secret, say. It is the line that refers to it, not the place where it is
// rightly set, unless the name that is set is its own by rights
// (a setting called secret that is set to the key). nil where no link says so.
func TakenAt(f *facts.Facts, says, own func(name string) bool) *finding.Location {
	s := f.Site()
	if s == nil {
		return nil
	}
	for i, l := range s.Secret {
		if !says(facts.LastName(l.Name)) || l.File == "" {
			continue
		}
		if i > 0 {
			if by := s.Secret[i-1]; by.File != l.File && by.File != "" && !own(facts.LastName(by.Name)) {
				l = by
			}
		}
		return finding.LocAt(l.File, l.Line)
	}
	return nil
}

// AlgorithmAt is where the algorithm is chosen.
func AlgorithmAt(f *facts.Facts) *finding.Location {
	if s := f.Site(); s != nil && s.Algorithm != nil && s.Algorithm.File != "" {
		return finding.LocAt(s.Algorithm.File, s.Algorithm.Line)
	}
	return SignAt(f)
}

// WrapAt is the line that changes the token in one of some ways; where none was
// read, the line that hands it out.
func WrapAt(f *facts.Facts, hows ...string) *finding.Location {
	return WrapOr(f, ReplyAt(f), hows...)
}

// WrapOr is wrapAt with another place for what was not read.
func WrapOr(f *facts.Facts, other *finding.Location, hows ...string) *finding.Location {
	if s := f.Site(); s != nil {
		for i := range s.Wraps {
			if w := &s.Wraps[i]; facts.OneOf(hows, w.How) {
				return finding.LocAt(w.File, w.Line)
			}
		}
	}
	return other
}

// ReplyAt is the line that hands out the token; the route where it wasn't read.
func ReplyAt(f *facts.Facts) *finding.Location {
	if e := f.Entry(); e != nil && e.Reply.File != "" {
		return finding.LocAt(e.Reply.File, e.Reply.Line)
	}
	return MintsAt(f)
}

// ReadsIDAt is the line on which the backend reads the user's ID of the request.
func ReadsIDAt(f *facts.Facts) *finding.Location {
	if s := f.Site(); s != nil && s.User.File != "" && s.User.Line > 0 && s.User.Known.Sure() {
		return finding.LocAt(s.User.File, s.User.Line)
	}
	return ReplyAt(f)
}

// SecretAt is the line that reads the secret; the signing call where that wasn't read.
func SecretAt(f *facts.Facts) *finding.Location {
	if l := SigningPlace(f); l != nil {
		return l
	}
	if s := f.Site(); s != nil {
		return SignAt(f)
	}
	return nil
}
