package signature

import (
	"badsig/checks/facts"
	"badsig/checks/rules/parts"
)

// unreadSecret says why it isn't known which secret the backend signs with, and
// how to go on.
func unreadSecret(f *facts.Facts) string {
	const plain = "couldn't determine which secret the backend would read"
	if f.Project == nil {
		return plain
	}
	for _, s := range f.Project.Sealed {
		switch {
		case s.Language == "":
			return "the API secret is in Rails' encrypted credentials (" + parts.LineOf(s.File, s.Line) + " reads them), which badsig doesn't decrypt: pass it with --secret-file or --secret-stdin, and the key with --api-key"
		case len(f.Project.Servers) == 0:
			return "badsig can't read " + s.Language + " (" + s.File + "), so it doesn't know which secret the backend signs with: start the backend and run badsig check, or pass the pair with --api-key and --secret-file"
		}
	}
	code := facts.CodeOf(f)
	if code == nil || len(code.SecretRead) == 0 || code.SecretRead[0].Name == "" {
		return plain
	}
	r := code.SecretRead[0]
	for i := range f.Values {
		if v := &f.Values[i]; v.Name == r.Name && !v.Comment && !v.Empty {
			return plain
		}
	}
	text := plain + ": no file that badsig found sets " + r.Name + ", which the code reads (" + facts.At(r.File, r.Line) + ")"
	if m := meantSecret(f, r.Name); m != nil {
		text += ", and " + facts.Where(m.value) + " sets " + m.value.Name
	}
	return text + ": set it there, or pass the pair with --api-key and --secret-file"
}
