package checks

import (
	"fmt"
	"strings"

	"badsig/checks/probe"
	"badsig/tokens"
)

// place says where a value stands, as a person would look for it; "" for none.
func place(v *probe.Value) string {
	if v == nil {
		return ""
	}
	switch v.Kind {
	case probe.KindDashboard:
		return "the dashboard's " + v.Name
	case probe.KindProcess:
		return fmt.Sprintf("the environment of process %d (%s)", v.PID, v.Name) + setAt(v)
	case probe.KindAncestor:
		return fmt.Sprintf("the environment of parent process %d (%s)", v.PID, v.Name) + setAt(v)
	case probe.KindKnown:
		return "a well-known placeholder" // found nowhere, tried all the same
	case probe.KindAnswer:
		return "the endpoint's answer (" + v.Name + ")"
	}
	return at(v.File, v.Line)
}

// setAt says which file sets a process's variable, ", which docker-compose.yml:9 sets" or "".
func setAt(v *probe.Value) string {
	if v.SetFile == "" {
		return ""
	}
	return ", which " + at(v.SetFile, v.SetLine) + " sets"
}

// in begins a step with the place that it edits: "In server/.env line 2, "; ""
// for a value that is in no file.
func in(v *probe.Value) string {
	if l := locate(v); l != nil {
		return "In " + lineOf(l.File, l.Line) + ", "
	}
	return ""
}

// lineOf is a place in words: "server/.env line 2".
func lineOf(file string, line int) string {
	if line > 0 {
		return fmt.Sprintf("%s line %d", file, line)
	}
	return file
}

// at is file:line, or the file alone.
func at(file string, line int) string {
	if line > 0 {
		return fmt.Sprintf("%s:%d", file, line)
	}
	return file
}

// locate gives a value's place in the project, nil for one that stands in no file.
func locate(v *probe.Value) *Location {
	switch {
	case v == nil:
	case v.File != "":
		return &Location{File: v.File, Line: v.Line}
	case v.SetFile != "":
		return &Location{File: v.SetFile, Line: v.SetLine}
	}
	return nil
}

// shown prints a value: a key as it is, a secret by length and fingerprint.
func shown(v *probe.Value) string {
	if v == nil {
		return "nothing"
	}
	if v.Key != "" {
		return v.Key
	}
	if v.Empty || v.Length == 0 {
		return "empty"
	}
	return fmt.Sprintf("%d characters #%s", v.Length, v.Fingerprint)
}

// valueAt gives the value with an id, nil for -1 and for ids out of range.
func valueAt(f *probe.Facts, id int) *probe.Value {
	if id < 0 || id >= len(f.Values) {
		return nil
	}
	return &f.Values[id]
}

// says puts damages into words: "plus one trailing space".
func says(damages []string) string {
	var words []string
	for _, id := range damages {
		if id == probe.AsWritten {
			words = append(words, "with all that stands behind it on its line")
		} else if d, ok := tokens.DamageByID(id); ok {
			words = append(words, d.Says)
		} else {
			words = append(words, id)
		}
	}
	return strings.Join(words, ", ")
}

// blemish puts a blemish of a value into words: "a trailing space".
func blemish(b string) string {
	switch b {
	case "newline":
		return "a newline"
	case "nbsp":
		return "a no-break space"
	case "zero-width":
		return "an invisible character"
	case "bom":
		return "a byte order mark"
	case "control":
		return "a control character"
	case "inner-space":
		return "a space inside"
	case "json":
		return "the JSON of a secret manager around it"
	case "encrypted":
		return "dotenvx's encryption"
	case "own-name":
		return "the variable's name before it"
	case "leading-space", "trailing-space", "tab", "carriage-return", "semicolon", "comma":
		return "a " + strings.ReplaceAll(b, "-", " ")
	case "upper-case":
		return "uppercase letters"
	}
	return strings.ReplaceAll(b, "-", " ")
}

// signedBy says where the secret stands that signed a token.
func signedBy(f *probe.Facts, t *probe.Token) string {
	h := bestHit(f, t)
	if h == nil {
		return ""
	}
	if v := exactValue(f, h); v != nil {
		s := place(v)
		if d := damagedFrom(f, t, truthOf(f)); d != nil && len(d.Damages) > 0 && h.Signed == d.Signed {
			s += ", the dashboard's " + says(d.Damages)
		}
		return s
	}
	v := valueAt(f, h.Candidate)
	if v == nil {
		return ""
	}
	return strings.TrimSpace(place(v) + " " + says(h.Damages))
}
