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
	return plain
}
