package edits

import (
	"errors"
	"strings"
	"testing"

	"badsig/checks/finding"
	"badsig/tokens"
)

// Edits are applied by line and column, all of them or none; what they don't name stays.
func TestApply(t *testing.T) {
	files := map[string]string{
		"a":    "one\r\ntwo é three\r\nlast",
		"bom":  "\uFEFFx=1\n",
		"bad":  "\xff\xfe\x00\xd8", // half of a pair
		"nul":  "a\x00b",
		"tail": "A=1",
	}
	read := func(f string) ([]byte, error) {
		if s, is := files[f]; is {
			return []byte(s), nil
		}
		return nil, errors.New("no such file")
	}
	at := func(file string, line, from, to int, put string) finding.Edit {
		return finding.Edit{File: file, Line: line, From: from, To: to, Insert: put}
	}
	secret := tokens.NewSecret([]byte("s3cret"))
	for name, c := range map[string]struct {
		edits []finding.Edit
		want  string // of the first file; "" where they are rejected
	}{
		"a word":                 {[]finding.Edit{at("a", 2, 7, 12, "3")}, "one\r\ntwo é 3\r\nlast"},
		"the end of a line":      {[]finding.Edit{at("a", 1, 4, 4, "!")}, "one!\r\ntwo é three\r\nlast"},
		"the carriage return":    {[]finding.Edit{at("a", 1, 4, 5, "")}, "one\ntwo é three\r\nlast"},
		"a new line":             {[]finding.Edit{at("a", 2, 1, 1, "new\n")}, "one\r\nnew\r\ntwo é three\r\nlast"},
		"over lines":             {[]finding.Edit{{File: "a", Line: 1, From: 1, ToLine: 3, To: 1}}, "last"},
		"one after another":      {[]finding.Edit{at("a", 3, 5, 5, "1"), at("a", 3, 5, 5, "2"), at("a", 1, 1, 1, "0")}, "0one\r\ntwo é three\r\nlast12"},
		"after a mark":           {[]finding.Edit{at("bom", 1, 1, 2, "y")}, "\uFEFFy=1\n"},
		"a secret":               {[]finding.Edit{{File: "tail", Line: 1, From: 3, To: 4, InsertSecret: finding.FromDashboard}}, "A=s3cret"},
		"from another file":      {[]finding.Edit{{File: "tail", Line: 1, From: 3, To: 4, InsertFrom: &finding.EditFrom{File: "a", Line: 2, From: 5, To: 6}}}, "A=é"},
		"in small letters":       {[]finding.Edit{{File: "tail", Line: 1, From: 3, To: 4, InsertFrom: &finding.EditFrom{File: "tail", Line: 1, From: 1, To: 2, As: "lowercase"}}}, "A=a"},
		"a new file":             {[]finding.Edit{{File: "new", Line: 1, From: 1, To: 1, Insert: "B=1\n", Create: true}}, "B=1\n"},
		"they overlap":           {[]finding.Edit{at("a", 2, 1, 4, "x"), at("a", 2, 3, 5, "y")}, ""},
		"no such line":           {[]finding.Edit{at("a", 9, 1, 1, "x")}, ""},
		"no such column":         {[]finding.Edit{at("a", 3, 6, 7, "")}, ""},
		"backwards":              {[]finding.Edit{at("a", 2, 5, 3, "")}, ""},
		"no such file":           {[]finding.Edit{at("gone", 1, 1, 1, "x")}, ""},
		"above the project":      {[]finding.Edit{at("../a", 1, 1, 1, "x")}, ""},
		"absolute":               {[]finding.Edit{at("/a", 1, 1, 1, "x")}, ""},
		"not clean":              {[]finding.Edit{at("x/../a", 1, 1, 1, "x")}, ""},
		"no text":                {[]finding.Edit{at("nul", 1, 1, 1, "x")}, ""},
		"no UTF-16":              {[]finding.Edit{at("bad", 1, 1, 1, "x")}, ""},
		"an unknown secret":      {[]finding.Edit{{File: "tail", Line: 1, From: 3, To: 4, InsertSecret: "other"}}, ""},
		"an unknown change":      {[]finding.Edit{{File: "tail", Line: 1, From: 3, To: 4, InsertFrom: &finding.EditFrom{File: "a", Line: 1, From: 1, To: 2, As: "rot13"}}}, ""},
		"one of two is rejected": {[]finding.Edit{at("tail", 1, 1, 1, "x"), at("a", 9, 1, 1, "x")}, ""},
		"the source isn't there": {[]finding.Edit{{File: "tail", Line: 1, From: 3, To: 4, InsertFrom: &finding.EditFrom{File: "a", Line: 1, From: 1, To: 99}}}, ""},
	} {
		all, err := Apply(c.edits, read, secret)
		switch {
		case c.want == "" && err == nil:
			t.Errorf("%s: accepted", name)
		case c.want != "" && (err != nil || string(all[0].After) != c.want):
			t.Errorf("%s: %v %+v, want %q", name, err, all, c.want)
		case c.want != "" && !all[0].New && string(all[0].Before) != files[all[0].File]:
			t.Errorf("%s: before %q", name, all[0].Before)
		}
	}
	if _, err := Apply([]finding.Edit{{File: "tail", Line: 1, From: 3, To: 4, InsertSecret: finding.FromDashboard}}, read, tokens.Secret{}); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("no secret was passed: %v", err)
	}
}
