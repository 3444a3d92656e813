package envfile

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"badsig/checks/internal/eventually"
)

// TestWhatChangesAValue is the table of loaders' differences: what a line
// gives the program in each dialect. "-" means that the name is not set.
func TestWhatChangesAValue(t *testing.T) {
	const unset = "-"
	all := []Dialect{Dotenv, NodeEnvFile, DotenvExpand, Shell, Docker, Compose, PythonDotenv, GoDotenv, DotenvOld}
	for _, c := range []struct {
		text string
		want map[Dialect]string
		rest string // every other dialect
	}{
		{"S=abc\n", nil, "abc"},
		{"S=abc   \n", map[Dialect]string{Docker: "abc   "}, "abc"},
		{"S=\"abc \"\n", map[Dialect]string{Docker: `"abc "`}, "abc "},
		{"S=\"abc\"\n", map[Dialect]string{Docker: `"abc"`}, "abc"},
		{"S='abc'\n", map[Dialect]string{Docker: `'abc'`}, "abc"},
		{"S=`abc`\n", map[Dialect]string{Docker: "`abc`", Compose: "`abc`", PythonDotenv: "`abc`", GoDotenv: "`abc`", Shell: "`abc`", DotenvOld: "`abc`"}, "abc"},
		{"A=1\r\nS=abc\r\n", map[Dialect]string{Shell: "abc\r"}, "abc"},
		{"S=abc#def\n", map[Dialect]string{Dotenv: "abc", NodeEnvFile: "abc", DotenvExpand: "abc"}, "abc#def"},
		{"S=abc #def\n", map[Dialect]string{Docker: "abc #def", DotenvOld: "abc #def"}, "abc"},
		{"S=ab$cd\n", map[Dialect]string{DotenvExpand: "ab", Shell: "ab", Compose: "ab", GoDotenv: "ab"}, "ab$cd"},
		{"S=ab${cd}\n", map[Dialect]string{DotenvExpand: "ab", Shell: "ab", Compose: "ab", GoDotenv: "ab", PythonDotenv: "ab"}, "ab${cd}"},
		{"S=ab${O}\n", map[Dialect]string{DotenvExpand: "abouter", Shell: "abouter", Compose: "abouter", GoDotenv: "abouter", PythonDotenv: "abouter"}, "ab${O}"},
		{"S='ab$cd'\n", map[Dialect]string{DotenvExpand: "ab", Docker: "'ab$cd'"}, "ab$cd"},
		{"\ufeffS=abc\n", map[Dialect]string{NodeEnvFile: unset, Shell: unset}, "abc"},
		{"S=abc\u00a0\n", map[Dialect]string{Dotenv: "abc", DotenvExpand: "abc", DotenvOld: "abc"}, "abc\u00a0"},
		{"S=abc\u200b\n", nil, "abc\u200b"},
		{"S=\u201cabc\u201d\n", nil, "\u201cabc\u201d"},
		{"S=abc;\n", map[Dialect]string{Shell: "abc"}, "abc;"},
		{"S: abc\n", map[Dialect]string{Dotenv: "abc", DotenvExpand: "abc", Compose: "abc", GoDotenv: "abc"}, unset},
		{"S=one\nS=two\n", nil, "two"},
		{"export S=abc\n", map[Dialect]string{Docker: unset, DotenvOld: unset}, "abc"},
		{"# S=abc\n", nil, unset},
		{"S=\n", nil, ""},
		{"S = abc\n", map[Dialect]string{Shell: unset, Docker: unset}, "abc"},
		{"  S=abc\n", nil, "abc"},
		{"S=\"a\nb\"\n", map[Dialect]string{Docker: `"a`, Shell: "a", DotenvOld: `"a`}, "a\nb"},
	} {
		for _, d := range all {
			want, ok := c.want[d]
			if !ok {
				want = c.rest
			}
			v, set := Read([]byte(c.text), d, map[string]string{"O": "outer"}).Get("S")
			got := string(v)
			if !set {
				got = unset
			}
			if got != want {
				t.Errorf("%-14s %q gives %q, want %q", d, c.text, got, want)
			}
		}
	}
}

func utf16Bytes(s string, mark, little bool) []byte {
	u := utf16.Encode([]rune(s))
	if mark {
		u = append([]uint16{0xFEFF}, u...)
	}
	var b []byte
	for _, x := range u {
		if little {
			b = append(b, byte(x), byte(x>>8))
		} else {
			b = append(b, byte(x>>8), byte(x))
		}
	}
	return b
}

func TestUTF16IsToldAndSetsNothing(t *testing.T) {
	text := "STREAM_API_KEY=abc\r\n# STREAM_API_SECRET=old\r\nSTREAM_API_SECRET=xyz\r\n"
	for _, mark := range []bool{true, false} {
		for _, little := range []bool{true, false} {
			f := Read(utf16Bytes(text, mark, little), Dotenv, nil)
			want := map[bool]string{true: "utf-16le", false: "utf-16be"}[little]
			if f.Encoding != want || len(f.Lines) != 0 || len(f.Notes) != 1 {
				t.Errorf("mark %v little %v: %s, %d lines, %v", mark, little, f.Encoding, len(f.Lines), f.Notes)
			}
			if len(f.Lost) != 3 || string(f.Lost[2].Value) != "xyz" || f.Lost[2].Line != 3 || !f.Lost[1].Commented {
				t.Errorf("mark %v little %v: lost %+v", mark, little, f.Lost)
			}
		}
	}
}

func TestByteOrderMarkHidesTheFirstName(t *testing.T) {
	data := []byte("\ufeffSTREAM_API_SECRET=abc\nB=2\n")
	f := Read(data, NodeEnvFile, nil)
	if len(f.Lost) != 1 || f.Lost[0].Name != "STREAM_API_SECRET" || len(f.Notes) != 1 || f.Encoding != "utf-8-bom" {
		t.Errorf("%+v", f)
	}
	if f = Read(data, Dotenv, nil); len(f.Lost) != 0 || len(f.Lines) != 2 || len(f.Notes) != 0 {
		t.Errorf("dotenv takes the mark for a space: %+v", f)
	}
}

func TestLinesCommentsAndDuplicates(t *testing.T) {
	f := Read([]byte("# first\n#S=old # why\n\nS=one\nM=\"a\n# S=inside\nb\"\nS=two\n  # export S='three'\nno assignment\n"), Dotenv, nil)
	type row struct {
		name, value string
		line        int
		commented   bool
		duplicate   bool
	}
	var got []row
	for _, l := range f.Lines {
		got = append(got, row{l.Name, string(l.Value), l.Line, l.Commented, l.Duplicate})
	}
	want := []row{{"S", "old", 2, true, false}, {"S", "one", 4, false, true}, {"M", "a\n# S=inside\nb", 5, false, false}, {"S", "two", 8, false, false}, {"S", "three", 9, true, false}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if len(f.Notes) != 1 || f.Notes[0] != "line 10: no assignment" {
		t.Errorf("notes %q", f.Notes)
	}
}

func TestNotesHoldNoValues(t *testing.T) {
	const secret = "abcdefghijklmnop"
	for _, d := range []Dialect{Dotenv, NodeEnvFile, Shell, Docker, Compose, PythonDotenv, GoDotenv, DotenvOld, ViteEnv, NextEnv, NodeEnvFile22} {
		f := Read([]byte(secret+"\nS=\""+secret+"\n'"+secret+"\n="+secret+"\n"), d, nil)
		if strings.Contains(strings.Join(f.Notes, "\n"), secret) {
			t.Errorf("%s: %q", d, f.Notes)
		}
	}
}

// TestLargeFilesAreBounded reads strings that are long, or make careless
// readers quadratic.
func TestLargeFilesAreBounded(t *testing.T) {
	t.Parallel()
	for name, unit := range map[string]string{
		"lines": "STREAM_API_SECRET=abc\n", "quotes": "A=\"\n", "escaped": `A="\"`, "dollars": "A=${A}${A}\n", "references": "B=$B$C$D\nA=\"${A}$E\"\n", "spaces": " ", "newlines": "\n", "comments": "# A=b\n", "stray": "x\n", "nul": "\x00", "names": "a", "export": "export ", "cr": "\r", "invalid": "\xff",
	} {
		data := bytes.Repeat([]byte(unit), (MaxSize+MaxSize/8)/len(unit)) // more than is read
		for _, d := range []Dialect{Dotenv, NodeEnvFile, NodeEnvFile22, DotenvExpand, NextEnv, ViteEnv, Shell, Docker, Compose, PythonDotenv, GoDotenv, DotenvOld} {
			var f File
			if worked := eventually.Work(func() { f = Read(data, d, nil) }); worked > time.Second {
				t.Errorf("%s in %s is %v of work", name, d, worked)
			}
			if len(f.Lines) > MaxLines || len(f.Notes) == 0 {
				t.Errorf("%s in %s: %d lines, notes %q", name, d, len(f.Lines), f.Notes)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, data := range oddFiles() {
		if len(data)%7 == 0 {
			f.Add(data)
		}
	}
	const secret = "q7w8e9r2t3y4u5p6a7s8d9f2g3h4j5k6z7x8c9v2b3n4m5q6w7e8r9t2y3u4p5a6"
	for _, line := range []string{ // as people's secrets came to be others
		"S=@   ", `S="@ "`, "S=@\r", "S=@#prod", "S=ab$cd@", `S="@"`, "\ufeffS=@", "S=@\u00a0", "S=@\u200b", "S=\u201c@\u201d", "S=@;", "S: @", "S=@\nS=old", "S=S=@",
		"export S=@", "export\tS=@", "set S=@", "S='@", "S=\"@\n", "S=`@`", "S=$(cat x)@", "S=${T:-@}", "S=@ # comment", "#S=@", "S =@", "S= @", "S\n=@", "S", "=@", "S==@", "S=@@",
	} {
		f.Add([]byte(strings.ReplaceAll(line, "@", secret) + "\nT=1\n"))
		f.Add(utf16Bytes(strings.ReplaceAll(line, "@", secret)+"\r\n", true, true))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, d := range []Dialect{Dotenv, DotenvExpand, NextEnv, DotenvOld, NodeEnvFile, NodeEnvFile22, ViteEnv, Shell, Docker, Compose, PythonDotenv, GoDotenv} {
			last := 1
			for _, l := range Read(data, d, map[string]string{"A": "$B", "B": "${A}"}).Lines {
				if l.Line < last {
					t.Fatalf("%s: line %d after line %d", d, l.Line, last)
				}
				last = l.Line
				if l.Name == "" {
					t.Fatalf("%s: a line without a name", d)
				}
			}
		}
	})
}

// A file that is too large is read up to a line's end: what is on the line
// that is cut isn't a value.
func TestLargeFileEndsWithALine(t *testing.T) {
	line := "NAME=0123456789abcdefghijklmnopqrstuvwxyz\n"
	f := Read([]byte(strings.Repeat(line, MaxSize/len(line)+10)), Dotenv, nil)
	for _, l := range f.Lines {
		if len(l.Value) != 36 {
			t.Fatalf("line %d of %d holds %q", l.Line, len(f.Lines), l.Value)
		}
	}
	if len(f.Lines) == 0 || len(f.Notes) == 0 {
		t.Errorf("%d lines, notes %q", len(f.Lines), f.Notes)
	}
}
