package envfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// oracle has the real loaders read a string. One node process
// reads all the questions of a test.
const oracle = `
const fs = require('fs'), path = require('path'), os = require('os')
const has = n => { try { return require(n) } catch { return null } }
const { parseEnv } = require('util')
const d = has('dotenv'), x = has('dotenv-expand')
const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'env'))
const clean = { PATH: process.env.PATH, OUTER: 'outer' }
const ask = {
  'dotenv': b => { const f = path.join(tmp, '.env'); fs.writeFileSync(f, b); const e = {}; d.config({ path: f, processEnv: e, quiet: true }); return e },
  'node-env-file': b => parseEnv(b.toString('utf8')),
  'node-env-file-22': b => parseEnv(b.toString('utf8')),
  'vite': b => { const parsed = { ...parseEnv(b.toString('utf8')) }; x.expand({ parsed, processEnv: { OUTER: 'outer' } }); return parsed },
  'dotenv-expand': b => { const parsed = d.parse(b.toString('utf8')); x.expand({ parsed, processEnv: { OUTER: 'outer' } }); return parsed },
}
const out = []
for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n')) {
  if (!line) continue
  const q = JSON.parse(line)
  let b = Buffer.from(q.data || '', 'base64'), r
  try {
    r = ask[q.dialect](b)
    const o = {}
    for (const k of Object.keys(r)) o[k] = Buffer.from(String(r[k]), 'utf8').toString('base64')
    r = o
  } catch (e) { r = { '!error': Buffer.from(String(e)).toString('base64') } }
  out.push(JSON.stringify(r))
}
fs.rmSync(tmp, { recursive: true })
process.stdout.write(out.join('\n') + '\n')
`

type question struct {
	Dialect Dialect `json:"dialect"`
	Data    []byte  `json:"data"`
}

func askOracle(t *testing.T, modules string, qs []question) []map[string][]byte {
	t.Helper()
	script := filepath.Join(t.TempDir(), "oracle.cjs")
	if err := os.WriteFile(script, []byte(oracle), 0o600); err != nil {
		t.Fatal(err)
	}
	var in bytes.Buffer
	for _, q := range qs {
		b, _ := json.Marshal(q)
		in.Write(append(b, '\n'))
	}
	asked := filepath.Join(t.TempDir(), "questions")
	if err := os.WriteFile(asked, in.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", script, asked)
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the oracle: %v", err)
	}
	var as []map[string][]byte
	sc := bufio.NewScanner(bytes.NewReader(out))
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		a := map[string][]byte{}
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		as = append(as, a)
	}
	if len(as) != len(qs) {
		t.Fatalf("asked %d, answered %d", len(qs), len(as))
	}
	return as
}

// values and frames make the odd lines: every value in every frame.
var values = []string{
	"abc", "", " ", "   abc   ", `"abc"`, `'abc'`, "`abc`", `"abc "`, `' abc'`, `"a b"`, `abc#def`, `abc #def`,
	`"abc#def"`, `"abc" # tail`, `"abc"#tail`, `'abc' tail`, `"abc`, `abc"`, `'abc`, "`abc", `a"b"c`, `"a"b"`, `"a\nb"`, `'a\nb'`,
	`"a\\nb"`, `"a\rb"`, `"a\"b"`, `'a\'b'`, `"a\"`, `\"abc\"`, "\"two\nlines\"", "'two\nlines'", "`two\nlines`", "\"two\n\nlines\" # c",
	"ab$cd", "ab\\$cd", "${OUTER}", "$OUTER", `"$OUTER"`, `'$OUTER'`, "${NOPE:-def}", "${NOPE-def}", "${OUTER:-def}", "a${FIRST}b", "$FIRST", "${", "$", "$$", "${}",
	"abc\u00a0", "\u00a0abc", "abc\u200b", "\u201cabc\u201d", "abc;", "abc,", "=abc", "a=b", "a = b", "#abc", "# abc", "abc\t", "\tabc",
	"NAME=abc", "export X=1", "https://k:s@h/?a=1#f", "{\"a\":1}", `{"a":"b"}`, "a\\", "a\\nb", "\xff\xfeabc", "abc\xc3", "é漢", "''", `""`, "\"\" ", "'' #c", `"'abc'"`, `'"abc"'`,
	"a\x00b", "\"a\"\n\"b\"", "'a' 'b'", "  'a'  ", "abc # 'x'", "'a # b", "\"a # b\nC=d\"", "a\rb", "\n'next'", "\nFOO=bar", "a\u2028b", "a\u0085", "\x0babc\x0c",
	"${OUTER:+alt}", "${NOPE:+alt}", "$OUTER$FIRST", "a-$OUTER-b", "\\$OUTER", "$1", "${FIRST}${FIRST}", "\"${OUTER}\"",
}

var frames = []string{
	"NAME=%s", "NAME=%s\n", "NAME=%s\r\nSECOND=2\r\n", "FIRST=one\nNAME=%s\nLAST=z\n", "export NAME=%s\n", "NAME = %s\n", " NAME=%s\n",
	"NAME: %s\n", "NAME:%s\n", "\ufeffNAME=%s\nSECOND=2\n", "# NAME=no\nNAME=%s\n# tail\n", "NAME=first\nNAME=%s\n", "NAME=%s\nNAME=last\n",
	"NAME\n=%s\n", "na.me-x=%s\n", "export\nNAME=%s\n", "1NAME=%s\n", "NA ME=%s\n", "=%s\nB=2\n", "NAME=%s\rB=2\r", "junk\nNAME=%s\n\n\nB='2'\n", "é=%s\nB=2\n", "\t#x=%s\nNAME=1\n", "exportNAME=%s\n", "export  NAME = %s\n",
}

func oddFiles() [][]byte {
	var all [][]byte
	for _, f := range frames {
		for _, v := range values {
			all = append(all, []byte(fmt.Sprintf(f, v)))
		}
	}
	// what PowerShell writes
	wide := []byte{0xff, 0xfe}
	for _, c := range "NAME=abc\r\nB=2\r\n" {
		wide = append(wide, byte(c), 0)
	}
	all = append(all, wide, wide[2:], []byte("\x00\x00\x00"), []byte("\n\n\n"), nil)
	return all
}

// TestAgainstTheRealLoaders compares every dialect of Node's world with the
// loader itself, over every odd value in every frame.
func TestAgainstTheRealLoaders(t *testing.T) {
	t.Parallel()
	modules := nodeModules(t)
	var qs []question
	own, exact := ownReader(t)
	for _, d := range []Dialect{Dotenv, NodeEnvFile, NodeEnvFile22, DotenvExpand, ViteEnv} {
		reader := map[Dialect]Dialect{NodeEnvFile: NodeEnvFile, NodeEnvFile22: NodeEnvFile22, ViteEnv: NodeEnvFile}[d]
		if reader != "" && (reader != own || !exact) {
			continue
		}
		for _, data := range oddFiles() {
			if strings.Contains(string(data), "\u2028") && reader == "" {
				continue // JavaScript's idea of a newline; no .env file has one
			}
			if reader == d && bytes.IndexByte(data, 0) >= 0 {
				continue // the environment cannot hold a NUL
			}
			qs = append(qs, question{d, data})
		}
	}
	wrong := 0
	for i, want := range askOracle(t, modules, qs) {
		q := qs[i]
		got := map[string][]byte{}
		for _, l := range Read(q.Data, q.Dialect, map[string]string{"OUTER": "outer"}).Lines {
			if !l.Commented {
				got[l.Name] = l.Value
			}
		}
		delete(want, "")      // no variable has no name
		for n := range want { // told as lost
			if rest, ok := strings.CutPrefix(n, bom); ok {
				delete(want, n)
				_ = rest
			}
		}
		if strings.HasPrefix(Read(q.Data, q.Dialect, nil).Encoding, "utf-16") {
			continue // what has NULs in it isn't a name
		}
		if diff := difference(got, want); diff != "" {
			if wrong++; wrong <= 40 {
				t.Errorf("%s reads %q:\n%s", q.Dialect, q.Data, diff)
			}
		}
	}
	t.Logf("%d strings, %d read otherwise", len(qs), wrong)
}

func difference(got, want map[string][]byte) string {
	names := map[string]bool{}
	for n := range got {
		names[n] = true
	}
	for n := range want {
		names[n] = true
	}
	var ls []string
	for n := range names {
		g, gok := got[n]
		w, wok := want[n]
		if gok != wok || !bytes.Equal(g, w) {
			ls = append(ls, fmt.Sprintf("  %q: we read %q (%v), the loader %q (%v)", n, g, gok, w, wok))
		}
	}
	sort.Strings(ls)
	return strings.Join(ls, "\n")
}

// TestBothNodesReaders holds what util.parseEnv of Node 20.20.2 and of Node
// 24.11.0 (26.10.0 says the same) made of the odd files on which they differ,
// for machines that have one Node or none.
func TestBothNodesReaders(t *testing.T) {
	text, err := os.ReadFile("testdata/node.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range bytes.Lines(text) {
		var c struct {
			Text string
			Old  map[string]string `json:"20"`
			New  map[string]string `json:"24"`
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		for d, want := range map[Dialect]map[string]string{NodeEnvFile: c.Old, NodeEnvFile22: c.New} {
			n++
			got, wanted := map[string][]byte{}, map[string][]byte{}
			f := Read([]byte(c.Text), d, nil)
			for _, l := range append(f.Lines, f.Lost...) {
				if !l.Commented {
					got[l.Name] = l.Value
				}
			}
			for k, v := range want {
				if k = strings.TrimPrefix(k, bom); k != "" {
					wanted[k] = []byte(v)
				}
			}
			if diff := difference(got, wanted); diff != "" {
				t.Errorf("%s reads %q:\n%s", d, c.Text, diff)
			}
		}
	}
	if n < 400 {
		t.Errorf("%d questions", n)
	}
}

func TestWhichNodeReadsHow(t *testing.T) {
	for version, want := range map[string]struct {
		d     Dialect
		exact bool
	}{
		"v20.20.2\n": {NodeEnvFile, true}, "20": {NodeEnvFile, true}, "20.18.0": {NodeEnvFile, false}, "18.20.1": {NodeEnvFile, false}, "21.7.3": {NodeEnvFile, false},
		"22": {NodeEnvFile22, true}, "v22.21.0": {NodeEnvFile22, true}, "22.17.0": {NodeEnvFile22, true}, "22.4.0": {NodeEnvFile22, false}, "23.5.0": {NodeEnvFile, false},
		"24.0.0": {NodeEnvFile22, true}, "26.10.0": {NodeEnvFile22, true}, "": {NodeEnvFile, false}, "lts/*": {NodeEnvFile, false}, "99999999999999999999": {NodeEnvFile, false}, "v": {NodeEnvFile, false},
	} {
		if d, exact := NodeReader(version); d != want.d && want.exact || exact != want.exact {
			t.Errorf("%q: %s, %v", version, d, exact)
		}
	}
}
