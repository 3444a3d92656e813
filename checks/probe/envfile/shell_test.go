package envfile

import (
	"os/exec"
	"strings"
	"testing"
)

const unset = "(unset)"

// What is read of a line is what a shell hands to its children.
func TestShellLines(t *testing.T) {
	for text, want := range map[string]string{
		"export A=1 S=abc":                        "abc",
		"export S=abc A=1":                        "abc",
		"A=1 S=abc":                               "abc",
		"declare -x S=abc":                        "abc",
		"declare -x A=1 S='a b'":                  "a b",
		"typeset -gx S=abc":                       "abc",
		"declare S=abc":                           unset,
		"declare -p S=abc":                        unset,
		"S=abc; export S":                         "abc",
		"A=1; S=abc; export A S":                  "abc",
		"export A=1 && export S=abc # the secret": "abc",
		"S=abc npm start":                         unset,
		"export S=one; S=two npm start":           "one",
		"export A=1;export S=\"$A$A\"":            "11",
		"export A B S=abc":                        "abc",
		"S=abc;;":                                 "abc",
		"export":                                  unset,
		"export -n S=abc":                         unset,
	} {
		v, set := Read([]byte(text+"\n"), Shell, nil).Get("S")
		got := string(v)
		if !set {
			got = unset
		}
		if got != want {
			t.Errorf("%s: S is %q, want %q", text, got, want)
		}
		if sh, err := exec.LookPath("bash"); err == nil && !ownRules[text] {
			out, _ := exec.Command(sh, "-c", "npm() { :; }; set -a\n"+text+"\nprintf '|%s' \"${S-"+unset+"}\"").Output()
			if got := string(out); got[strings.LastIndexByte(got, '|')+1:] != want {
				t.Errorf("%s: bash has %q, want %q", text, got, want)
			}
		}
	}
}

// ownRules are the lines with which bash sets a variable that its children don't get, or prints something.
var ownRules = map[string]bool{"declare S=abc": true, "declare -p S=abc": true, "export -n S=abc": true, "S=abc;;": true, "export": true}
