// Package parts has what rules share: the links of a proof, places, steps and phrases.
package parts

import (
	"encoding/json"
	"strings"

	"badsig/checks/shell"
)

// Curl is the documented token request as a command for a POSIX shell. Each
// header is "Name: value".
func Curl(url, userID, userName string, headers ...string) string {
	var body strings.Builder
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false) // the shell's quotes are all that has to be minded
	_ = e.Encode(struct {
		UserID   string `json:"userId"`
		UserName string `json:"userName"`
	}{userID, userName}) // two strings can be encoded
	args := []string{"curl -i -X POST", shell.Quote(url), "-H 'Content-Type: application/json'"}
	for _, h := range headers {
		args = append(args, "-H", shell.Quote(h))
	}
	return strings.Join(append(args, "-d", shell.Quote(strings.TrimSpace(body.String()))), " ")
}
