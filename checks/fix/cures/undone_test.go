package cures

import (
	"testing"

	"badsig/checks/causes"
)

// A call changes the secret where the code makes it, in each language; a comment or a string makes none.
func TestChanges(t *testing.T) {
	for _, c := range []struct {
		id   causes.ID
		file string
		line string
		want bool
	}{
		{causes.SecretCase, "a.py", "secret = os.environ['S'].upper()", true},
		{causes.SecretCase, "a.py", "secret = os.environ['S']  # was .upper()", false},
		{causes.SecretCase, "a.py", "secret = os.environ['S .upper()']", false},
		{causes.SecretCase, "a.py", "secret = shout(os.environ['S'])\ndef shout(s):\n    return s.upper()", true},
		{causes.SecretCase, "a.py", "secret = shout(os.environ['S'])\ndef shout(s):\n    return s  # not .upper()", false},
		{causes.SecretCase, "a.go", "\tsecret := strings.ToUpper(os.Getenv(\"S\"))", true},
		{causes.SecretCase, "a.go", "\tsecret := os.Getenv(\"S\") // strings.ToUpper(", false},
		{causes.SecretCase, "a.rb", "secret = ENV['S'].upcase", true},
		{causes.SecretCase, "a.php", "<?php $secret = strtoupper(getenv('S'));", true},
		{causes.SecretCase, "a.js", "const secret = process.env.S?.toUpperCase()", true},
		{causes.SecretCase, "a.js", "const secret = process.env.S /* .toUpperCase() */", false},
		{causes.SecretCase, "a.js", "const secret = shout(process.env.S)\nexport const shout = (s) => s.toUpperCase()", true},
		{causes.SecretCase, "a.js", "const secret = process.env.S.trim()", false},
		{causes.SecretQuoted, "a.ts", "const secret = JSON.stringify(process.env.S)", true},
		{causes.SecretEncoding, "a.ts", "const secret: string = atob(process.env.S!)", true},
		{causes.SecretEncoding, "a.ts", "const secret: string = myatob(process.env.S!)", false},
	} {
		code := Code(c.file, []byte(c.line))
		if got := Changes(c.id, code[0], code); got != c.want {
			t.Errorf("%s %s: %v, as %q", c.id, c.line, got, code)
		}
		if !AboutSecret(code[0]) {
			t.Errorf("%s handles no secret", c.line)
		}
	}
}
