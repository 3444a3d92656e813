package checks

import "badsig/checks/probe"

// Place says where a value stands, as a person would look for it:
// "server/.env:2", "the dashboard's API secret".
func Place(v *probe.Value) string { return place(v) }

// SignedBy says where the secret stands that signed a token of the facts, and
// how it was damaged; "" where that is unknown.
func SignedBy(f *probe.Facts, t *probe.Token) string { return signedBy(f, t) }

// Says puts damages of a secret into words: "plus one trailing space".
func Says(damages []string) string { return says(damages) }
