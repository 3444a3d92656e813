package rules

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/payload"
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
	if !u.Known.Sure() || u.File == "" || u.Line == 0 || affix.ContainsAny(idText(f), ".( +`") {
		return false
	}
	switch u.From {
	case "constant":
		return true
	case "body", "query":
		if f.SignsName(sentNames(f)) != "" && idText(f) != "" && idText(f) != facts.LastName(u.Name) {
			return true // the call gives the name in the ID's place
		}
		return u.Name == "" || !facts.OneOf(sentNames(f), u.Name)
	}
	return false
}

// sourceOddUser finds a user ID that is none: undefined, a number, a constant where the request names the user.
func sourceOddUser(f *facts.Facts) []finding.Cause {
	for _, s := range runningSites(f) {
		if s.Language != "js" || keptOnServer(f, s) {
			continue
		}
		var id *facts.Claim
		for i := range s.Claims {
			if s.Claims[i].Name == "user_id" {
				id = &s.Claims[i]
			}
		}
		if fault, got, place := payload.NoID(f, s); fault.ID != "" {
			at := inSource(place)
			return []finding.Cause{readInSource(finding.New(fault.ID, finding.Proven, fault.Why, at,
				[]finding.Evidence{{Label: "user ID in the signing call", Got: got, Want: fault.Want, Source: at.String()}}, finding.Step{Text: startOf(at) + fault.Do}, parts.RestartStep(f)), s)}
		}
		if id == nil {
			continue
		}
		at := inSource(id.Place)
		if at == nil || at.Line == 0 {
			at = inSource(s.Place)
		}
		text := id.Text
		if inner, ok := affix.CutPrefix(text, "as("); ok {
			text = affix.TrimSuffix(inner, ")")
		}
		ev := func(got, want string) []finding.Evidence {
			return []finding.Evidence{{Label: "user ID in the signing call", Got: got, Want: want, Source: at.String()}}
		}
		switch {
		case text == "undefined" || text == "null":
			return []finding.Cause{readInSource(finding.New(causes.UserIDMissing, finding.Proven,
				"The signing call gets "+text+" as the user's ID, so no token names a user.", at, ev(text, "the user's ID"),
				finding.Step{Text: startOf(at) + "pass the user's ID instead of " + text}, parts.RestartStep(f)), s)}
		case text == "{…}":
			return []finding.Cause{readInSource(finding.New(causes.UserIDType, finding.Proven,
				facts.LastName(s.Callee)+" gets an object as the user's ID. It accepts only the ID itself, a string.", at, ev("an object", "a string"),
				finding.Step{Text: startOf(at) + "pass the ID itself, not an object around it"}, parts.RestartStep(f)), s)}
		case isNumber(text):
			return []finding.Cause{readInSource(finding.New(causes.UserIDType, finding.Proven,
				"The signing call gets a number as the user's ID. Stream accepts a string only.", at, ev(text, "a string"),
				finding.Step{Text: startOf(at) + "pass a string: String(userId)"}, parts.RestartStep(f)), s)}
		}
	}
	return nil
}

// isNumber reports the text of an expression that can only be a number.
func isNumber(text string) bool {
	if text != "" && strings.Trim(text, "0123456789") == "" {
		return true
	}
	for _, f := range []string{"Number(", "+(", "parseInt(", "Number.parseInt(", "parseFloat("} {
		if affix.HasPrefix(text, f) && affix.HasSuffix(text, ")") {
			return true
		}
	}
	return false
}
