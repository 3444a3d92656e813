package sanitize

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"badsig/tokens"
)

const invented = "k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3d9s6a2p4o8i5u1y7t3r9e6w2q8m4z1x5"

func known() Known { return tokens.NewShreds(tokens.NewSecret([]byte(invented))) }

// What is printed keeps its lines and shows none of a secret and nothing that acts on a terminal.
func TestPrinted(t *testing.T) {
	got := Printed("a\tb\nthe secret "+invented[:30]+"\n\x1b[2J\u202e\r\n", known()).String()
	if want := "a\tb\nthe secret …\n␛[2J<U+202E>␍\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if again := Printed(got, known()).String(); again != got {
		t.Errorf("printed again it is %q", again)
	}
}

// A document stays one, no matter what is removed from it.
func TestJSONStaysJSON(t *testing.T) {
	secret := `a"b\c"d\e"f\g"h\i"j\k"l\m"n`
	k := tokens.NewShreds(tokens.NewSecret([]byte(secret)), tokens.NewSecret([]byte(invented)))
	for _, text := range []string{secret, secret[:14], "x" + secret[3:] + "y", invented, "\u202e" + invented[20:] + "\U000e0041", "plain"} {
		doc, err := json.MarshalIndent(map[string]any{"text": text, "list": []any{text, 1.5, nil, map[string]any{text: true}}}, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got := JSON(doc, k).String()
		if !json.Valid([]byte(got)) {
			t.Errorf("%q becomes %s", text, got)
		}
		if text != "plain" && (strings.Contains(got, invented[20:32]) || strings.Contains(got, `d\\e\"f\\g\"h`)) || strings.ContainsAny(got, "\u202e\U000e0041") {
			t.Errorf("%q is shown as %s", text, got)
		}
		if text == "plain" && got != string(doc) {
			t.Errorf("%s became %s", doc, got)
		}
	}
}

// A line of the screen keeps its colors and its width.
func TestDrawn(t *testing.T) {
	colored := "\x1b[1;31m│\x1b[0m fine \x1b[38;5;2mtext\x1b[m"
	if got := Drawn(colored, known()).String(); got != colored {
		t.Errorf("%q becomes %q", colored, got)
	}
	for in, want := range map[string]string{
		"\x1b[31m" + invented[:20] + "\x1b[32m" + invented[20:] + "\x1b[0m│": "…│" + strings.Repeat(" ", 63),
		"a\x1b[2Jb\x1b]52;c;aGk=\x07\x1b[31":                                 "a␛[2Jb␛]52;c;aGk=␇␛[31",
		"\x1b[\x1b[31m2J":                                                    "␛[2J",
	} {
		if got := Drawn(in, known()).String(); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// Value redacts names and values at any depth, and leaves what it was given as it was.
func TestValue(t *testing.T) {
	hide := func(s string) string { return strings.ReplaceAll(s, "secret", "…") }
	was := map[string]any{"a": []any{"x", map[string]any{"secret": "y"}}, "b": 1.0, "c": "my secret"}
	before := fmt.Sprint(was)
	got, changed := Value(was, hide)
	if want := "map[a:[x map[…:y]] b:1 c:my …]"; !changed || fmt.Sprint(got) != want || fmt.Sprint(was) != before {
		t.Errorf("%v %v, want %s; it was %v", got, changed, want, was)
	}
	if _, changed := Value([]any{"x", map[string]any{"b": nil}}, hide); changed {
		t.Error("nothing is to be redacted, and something changed")
	}
}
