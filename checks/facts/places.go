package facts

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Where says where a value is, as a person would look for it; "" for none.
func Where(v *Value) string {
	if v == nil {
		return ""
	}
	switch v.Kind {
	case KindDashboard:
		return "the dashboard's " + v.Name
	case KindBrowser:
		return "the browser's error"
	case KindProcess:
		return fmt.Sprintf("the environment of process %d (%s)", v.PID, v.Name) + setAt(v)
	case KindAncestor:
		return fmt.Sprintf("the environment of parent process %d (%s)", v.PID, v.Name) + setAt(v)
	case KindKnown:
		return "a well-known placeholder" // found nowhere, tried all the same
	case KindAnswer:
		return "the endpoint's response (" + v.Name + ")"
	}
	return sanitize.At(v.File, v.Line)
}

// setAt says which file sets a process's variable, ", which docker-compose.yml:9 sets" or "".
func setAt(v *Value) string {
	if v.SetFile == "" {
		return ""
	}
	return ", which " + sanitize.At(v.SetFile, v.SetLine) + " sets"
}

// Shown prints a value: a key as it is, a secret by length and fingerprint.
func Shown(v *Value) string {
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

// ValueAt gives the value with an id, nil for -1 and for ids out of range.
//
//go:noinline
func ValueAt(f *Facts, id int) *Value {
	if id < 0 || id >= len(f.Values) {
		return nil
	}
	return &f.Values[id]
}

// Says puts damages into words: "plus one trailing space"; one that was found
// twice in a row is "…, twice".
func Says(damages []string) string {
	var words []string
	for i, id := range damages {
		if i > 0 && id == damages[i-1] {
			words = append(words, "twice")
		} else if id == AsWritten {
			words = append(words, "plus everything after it on its line")
		} else if d, ok := tokens.DamageByID(id); ok {
			words = append(words, d.Says)
		} else {
			words = append(words, id)
		}
	}
	return strings.Join(words, ", ")
}

// Blemish puts a blemish of a value into words: "a trailing space".
func Blemish(b string) string {
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
		return "JSON around it"
	case "encrypted":
		return "dotenvx's encryption"
	case "own-name":
		return "the variable's name before it"
	case "leading-space", "trailing-space", "tab", "carriage-return", "semicolon", "comma":
		return "a " + affix.ReplaceAll(b, "-", " ")
	case "upper-case":
		return "uppercase letters"
	case "doubled":
		return "a second copy of itself"
	case "quotes":
		return "quotes around it"
	}
	return affix.ReplaceAll(b, "-", " ")
}

// SignedBy says where the secret is that signed a token.
func SignedBy(f *Facts, t *Token) string {
	h := BestHit(f, t)
	if h == nil {
		return ""
	}
	if v := ExactValue(f, h); v != nil {
		s := Where(v)
		if d := DamagedFrom(f, t, TruthOf(f)); d != nil && len(d.Damages) > 0 && h.Signed == d.Signed {
			s += ", the dashboard's " + Says(d.Damages)
		}
		return s
	}
	v := ValueAt(f, h.Candidate)
	if v == nil {
		return ""
	}
	return strings.TrimSpace(Where(v) + " " + Says(h.Damages))
}

//go:noinline
func At(file string, line int) string {
	if line > 0 {
		return fmt.Sprintf("%s:%d", file, line)
	}
	return file
}

// AsWritten is the ID of a secret whose loader kept what follows it
// on its line (a comment, say), which no row of the table of damages names.
const AsWritten = "as-written"

// SecretReads are the places at which the backend reads a variable for its secret.
func SecretReads(f *Facts, name string) (out []Place) {
	if f.Project == nil {
		return nil
	}
	add := func(p Place) {
		if p.File != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	for i := range f.Project.Sites {
		for _, l := range f.Project.Sites[i].Secret {
			if l.Env && l.Name == name {
				add(Place{File: l.File, Line: l.Line})
			}
		}
	}
	for i := range f.Project.Servers {
		for _, r := range f.Project.Servers[i].SecretRead {
			if r.Name == name {
				add(Place{File: r.File, Line: r.Line})
			}
		}
	}
	return out
}
