package checks

import (
	"encoding/json"
	"strings"

	"badsig/checks/probe"
)

// Place says where a value stands, as a person would look for it:
// "server/.env:2", "the dashboard's API secret".
func Place(v *probe.Value) string { return place(v) }

// SignedBy says where the secret stands that signed a token of the facts, and
// how it was damaged; "" where that is unknown.
func SignedBy(f *probe.Facts, t *probe.Token) string { return signedBy(f, t) }

// Says puts damages of a secret into words: "plus one trailing space".
func Says(damages []string) string { return says(damages) }

// Curl is the documented token request as a command for a POSIX shell. Each
// header is "Name: value".
func Curl(url, userID, userName string, headers ...string) string {
	var body strings.Builder
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false) // the shell's quotes are all that has to be minded
	_ = e.Encode(struct {
		UserID   string `json:"userId"`
		UserName string `json:"userName"`
	}{userID, userName}) // two texts can be encoded
	args := []string{"curl -i -X POST", probe.ShellQuote(url), "-H 'Content-Type: application/json'"}
	for _, h := range headers {
		args = append(args, "-H", probe.ShellQuote(h))
	}
	return strings.Join(append(args, "-d", probe.ShellQuote(strings.TrimSpace(body.String()))), " ")
}
