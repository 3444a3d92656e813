package project

import (
	"encoding/base64"
	"os"
	"strings"
	"testing"

	"badsig/checks/internal/projecttest"
)

// languageCases reads testdata/languages.txt: "== name", ">> what must be
// said" and "-- file --".
func languageCases(t *testing.T) []projectCase {
	data, err := os.ReadFile("testdata/languages.txt")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), "$B64S1LF", base64.StdEncoding.EncodeToString([]byte(projecttest.S1+"\n")))
	var out []projectCase
	file := ""
	for line := range strings.Lines(text) {
		switch name, isCase := strings.CutPrefix(line, "== "); {
		case isCase:
			out = append(out, projectCase{name: strings.TrimSpace(name), files: map[string]string{}})
			file = ""
		case strings.HasPrefix(line, ">> "):
			c := &out[len(out)-1]
			c.want = append(c.want, strings.TrimSpace(line[3:]))
		case strings.HasPrefix(line, "-- ") && strings.HasSuffix(line, " --\n"):
			file = strings.TrimSuffix(line[3:], " --\n")
		default:
			out[len(out)-1].files[file] += line
		}
	}
	return out
}

// TestLanguages reads whole projects in other languages, each laid out as its
// framework's are, down to the value that the signing call would get.
func TestLanguages(t *testing.T) { runCases(t, languageCases(t)) }
