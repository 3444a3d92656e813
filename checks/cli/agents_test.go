package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"unicode/utf16"

	"badsig/checks/internal/secretscan"
	"badsig/checks/sanitize"
)

// jsonEdit is an edit as the document has it, and nothing else.
type jsonEdit struct {
	File                 string
	Line, From, To       int
	ToLine               int
	Insert, InsertSecret string
	InsertFrom           *struct {
		File, As       string
		Line, From, To int
	}
	Create bool
	SaveAs string
	Tried  bool
}

// madeByHand applies a step's edits to a project as its document describes them:
// lines and columns count from 1, columns in characters, all by the files of before.
func madeByHand(t *testing.T, dir string, all []jsonEdit, dashboard string) {
	t.Helper()
	load := func(name string) (head string, wide bool, text []rune) {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if os.IsNotExist(err) {
			return "", false, nil
		}
		if rest, is := strings.CutPrefix(string(data), "\xff\xfe"); is {
			var units []uint16
			for i := 0; i+1 < len(rest); i += 2 {
				units = append(units, uint16(rest[i])|uint16(rest[i+1])<<8)
			}
			return "\xff\xfe", true, utf16.Decode(units)
		}
		rest, is := strings.CutPrefix(string(data), "\uFEFF")
		if is {
			head = "\uFEFF"
		}
		return head, false, []rune(rest)
	}
	at := func(text []rune, line, column int) int {
		i := 0
		for ; line > 1; i++ {
			if text[i] == '\n' {
				line--
			}
		}
		return i + column - 1
	}
	type change struct {
		from, to int
		put      string
	}
	changes, saved := map[string][]change{}, map[string]bool{}
	for _, e := range all {
		_, _, text := load(e.File)
		put := e.Insert
		if strings.Contains(string(text), "\r\n") {
			put = strings.ReplaceAll(put, "\n", "\r\n")
		}
		if e.InsertSecret == "dashboard" {
			put += dashboard
		}
		if f := e.InsertFrom; f != nil {
			_, _, src := load(f.File)
			s := string(src[at(src, f.Line, f.From):at(src, f.Line, f.To)])
			var raw []byte
			var err error
			switch f.As {
			case "lowercase":
				s = strings.ToLower(s)
			case "base64-decoded":
				raw, err = base64.StdEncoding.DecodeString(s)
				s = string(raw)
			case "hex-decoded":
				raw, err = hex.DecodeString(s)
				s = string(raw)
			}
			if err != nil {
				t.Fatal(err)
			}
			put += s
		}
		if e.ToLine == 0 {
			e.ToLine = e.Line
		}
		c := change{put: put}
		if !e.Create {
			c.from, c.to = at(text, e.Line, e.From), at(text, e.ToLine, e.To)
		}
		changes[e.File] = append(changes[e.File], c)
		saved[e.File] = saved[e.File] || e.SaveAs == "utf-8"
	}
	var out = map[string]string{}
	for file, list := range changes {
		head, wide, text := load(file)
		sort.SliceStable(list, func(i, j int) bool { return list[i].from < list[j].from })
		var b strings.Builder
		last := 0
		for _, c := range list {
			b.WriteString(string(text[last:c.from]) + c.put)
			last = c.to
		}
		b.WriteString(string(text[last:]))
		switch {
		case saved[file]:
			out[file] = b.String()
		case wide:
			for _, u := range utf16.Encode([]rune(b.String())) {
				head += string([]byte{byte(u), byte(u >> 8)})
			}
			out[file] = head
		default:
			out[file] = head + b.String()
		}
	}
	for file, text := range out {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(file)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// files are all files of a project with their bytes.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			out[filepath.ToSlash(rel)] = read(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Anyone who reads the document can make its edits without badsig, and gets the very
// bytes that badsig fix writes; no form of the secret is in the document, nor in what
// badsig fix shows.
func TestJSONEditsAreEnough(t *testing.T) {
	const key = "kq7w2m9xt4bn"
	server := project(t, nil)
	code := read(t, filepath.Join(server, "server", "server.js"))
	env := func(line string) string { return "STREAM_API_KEY=" + key + "\n" + line + "\n" }
	wide := "\xff\xfe"
	for _, u := range utf16.Encode([]rune("# λόγος\r\n" + strings.ReplaceAll(env("STREAM_API_SECRET="+invented), "\n", "\r\n"))) {
		wide += string([]byte{byte(u), byte(u >> 8)})
	}
	for name, c := range map[string]map[string]string{
		"secret-whitespace":  {"server/.env": env(`STREAM_API_SECRET="` + invented + ` "`)},
		"secret-quoted":      {"server/.env": strings.ReplaceAll(env(`STREAM_API_SECRET=“`+invented+`”`), "\n", "\r\n")},
		"secret-case":        {"server/.env": env("STREAM_API_SECRET=" + strings.ToUpper(invented))},
		"secret-invisible":   {"server/.env": "\uFEFF# é\n" + env("STREAM_API_SECRET="+invented[:20]+"\u200b"+invented[20:])},
		"secret-encoding":    {"server/.env": env("STREAM_API_SECRET=" + base64.StdEncoding.EncodeToString([]byte(invented)))},
		"secret-truncated":   {"server/.env": env("STREAM_API_SECRET=" + invented[:63])},
		"secret-placeholder": {"server/.env": env("STREAM_API_SECRET=your_api_secret")},
		"key-secret-swapped": {"server/.env": "STREAM_API_KEY=" + invented + "\nSTREAM_API_SECRET=" + key + "\n"},
		"secret-missing":     {"server/.env": wide},
		"secret-typo":        {"server/server.js": strings.Replace(code, "process.env.STREAM_API_SECRET", "'"+invented[:40]+"z"+invented[41:]+"'", 1)},
		"secret-padded":      {"server/.env": env("STREAM_API_SECRET=STREAM_API_SECRET=" + invented)},
		"secret-exposed":     {"server/.env": env("STREAM_API_SECRET=" + invented), "web/package.json": `{"dependencies":{"stream-chat":"9"},"devDependencies":{"vite":"7"}}`, "web/.env": "VITE_STREAM_API_KEY=" + key + "\nVITE_STREAM_API_SECRET=" + invented + "\n", "web/src/chat.js": "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance(import.meta.env.VITE_STREAM_API_KEY)\n"},
		"key-mismatch":       {"server/.env": env("STREAM_API_SECRET=" + invented), "web/package.json": `{"dependencies":{"stream-chat":"9"},"devDependencies":{"vite":"7"}}`, "web/.env": "VITE_STREAM_API_KEY=zz7w2m9xt4bn\n", "web/src/chat.js": "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance(import.meta.env.VITE_STREAM_API_KEY)\n"},
		"key-missing":        {"server/.env": env("STREAM_API_SECRET=" + invented), "web/package.json": `{"dependencies":{"stream-chat":"9"},"devDependencies":{"vite":"7"}}`, "web/.env": "REACT_APP_STREAM_API_KEY=" + key + "\n", "web/src/chat.js": "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance(import.meta.env.REACT_APP_STREAM_API_KEY)\n"},
	} {
		one, two := project(t, c), project(t, c)
		before := files(t, one)
		flags := []string{"--static", "--offline", "--api-key", key, "--secret-file", secretFile(t, invented), "--dir"}
		doc := process{}.run(t, append(append([]string{"check", "--json"}, flags...), one)...)
		var r struct {
			Causes []struct {
				ID  string
				Fix []struct{ Edits []jsonEdit }
			}
		}
		if err := json.Unmarshal([]byte(doc.out), &r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var edits []jsonEdit
		for _, cause := range r.Causes {
			for _, s := range cause.Fix {
				if cause.ID == name && edits == nil {
					edits = s.Edits
				}
			}
		}
		if edits == nil {
			t.Errorf("%s: no edits: %+v", name, r.Causes)
			continue
		}
		madeByHand(t, one, edits, invented)
		made := process{}.run(t, append(append([]string{"fix", name, "--yes"}, flags...), two)...)
		if strings.Contains(made.err, "only likely") { // then a person has to say so
			var out, errs bytes.Buffer
			made.code = Main(t.Context(), append(append([]string{"fix", name}, flags...), two), Program{
				Stdin: strings.NewReader("y\n"), Stdout: sanitize.To(&out), Stderr: sanitize.To(&errs), Getenv: func(string) string { return "" }, IsTerminal: func() bool { return true },
			})
			made.out, made.err = out.String(), errs.String()
		}
		if made.code == 2 || !strings.Contains(made.out, "Changed ") {
			t.Errorf("%s: exit %d %s %s", name, made.code, made.out, made.err)
			continue
		}
		byHand, byBadsig := files(t, one), files(t, two)
		for file, text := range byBadsig {
			if byHand[file] != text {
				t.Errorf("%s: %s differs from what the document's edits make of it", name, file)
			}
		}
		named := map[string]bool{}
		for _, e := range edits {
			named[e.File] = true
			if !e.Tried {
				t.Errorf("%s: an edit that wasn't tried: %+v", name, e)
			}
		}
		for file, text := range byBadsig {
			if before[file] != text && !named[file] {
				t.Errorf("%s: %s changed, and no edit names it", name, file)
			}
		}
		if len(byHand) != len(byBadsig) {
			t.Errorf("%s: other files: %d, %d", name, len(byHand), len(byBadsig))
		}
		marked := secretscan.Secrets{"the secret": invented}
		for what, text := range map[string]string{"the document": doc.out + doc.err, "badsig fix": made.out + made.err} {
			for _, found := range marked.Search(text) {
				t.Errorf("%s: %s shows %s", name, what, found)
			}
		}
		if again := (process{}).run(t, append(append([]string{"check", "--json"}, flags...), one)...); strings.Contains(again.out, `"id": "`+name+`"`) {
			t.Errorf("%s: it's still there after the document's edits", name)
		}
	}
}
