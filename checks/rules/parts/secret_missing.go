package parts

import (
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// SigningPlace is where the code reads the secret, nil if that is unknown.
func SigningPlace(f *facts.Facts) *finding.Location {
	if c := facts.CodeOf(f); c != nil && len(c.SecretRead) > 0 {
		return &finding.Location{File: c.SecretRead[0].File, Line: c.SecretRead[0].Line}
	}
	return nil
}
