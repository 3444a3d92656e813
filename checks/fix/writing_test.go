package fix

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
)

// wide is a string as Notepad and PowerShell save it.
func wide(s string) string {
	out := "\xff\xfe"
	for _, u := range utf16.Encode([]rune(s)) {
		out += string([]byte{byte(u), byte(u >> 8)})
	}
	return out
}

// What an edit doesn't name stays as it is, byte for byte: line endings, byte order
// mark, an encoding that isn't UTF-8, tabs, an end without a newline. Undo puts
// every byte back.
func TestWritingKeepsTheRest(t *testing.T) {
	bad, good := "STREAM_API_SECRET=\""+secret+" \"", "STREAM_API_SECRET=\""+secret+"\""
	key := "STREAM_API_KEY=" + key
	for name, c := range map[string][2]string{
		"LF":                      {"PORT=3999\n" + key + "\n" + bad + "\n", "PORT=3999\n" + key + "\n" + good + "\n"},
		"CRLF":                    {"PORT=3999\r\n" + key + "\r\n" + bad + "\r\n", "PORT=3999\r\n" + key + "\r\n" + good + "\r\n"},
		"both":                    {"PORT=3999\n" + key + "\r\n" + bad + "\n", "PORT=3999\n" + key + "\r\n" + good + "\n"},
		"no newline at the end":   {"PORT=3999\n" + key + "\n" + bad, "PORT=3999\n" + key + "\n" + good},
		"CRLF and no newline":     {"PORT=3999\r\n" + key + "\r\n" + bad, "PORT=3999\r\n" + key + "\r\n" + good},
		"a byte order mark":       {"\xef\xbb\xbf# mine\n" + key + "\n" + bad + "\n", "\xef\xbb\xbf# mine\n" + key + "\n" + good + "\n"},
		"Latin-1 before it":       {"# caf\xe9 \xfc\nPORT=3999\n" + key + "\n" + bad + "\n", "# caf\xe9 \xfc\nPORT=3999\n" + key + "\n" + good + "\n"},
		"Latin-1 on its line":     {"PORT=3999\n" + key + "\n" + bad + " # \xe9t\xe9\n", "PORT=3999\n" + key + "\n" + good + " # \xe9t\xe9\n"},
		"UTF-8 on its line":       {"PORT=3999\n" + key + "\n" + bad + " # d'été 🔑\n", "PORT=3999\n" + key + "\n" + good + " # d'été 🔑\n"},
		"tabs":                    {"PORT=3999\n" + key + "\n\tSTREAM_API_SECRET\t=\t\"" + secret + " \"\t\n", "PORT=3999\n" + key + "\n\tSTREAM_API_SECRET\t=\t\"" + secret + "\"\t\n"},
		"a comment with a NUL":    {"PORT=3999\n" + key + "\n" + bad + "\n# \x00\n", ""},
		"many empty lines":        {"\n\n\nPORT=3999\n\n" + key + "\n\n\n" + bad + "\n\n\n\n", "\n\n\nPORT=3999\n\n" + key + "\n\n\n" + good + "\n\n\n\n"},
		"a form feed and a VT":    {"PORT=3999\n# \f \v\n" + key + "\n" + bad + "\n", "PORT=3999\n# \f \v\n" + key + "\n" + good + "\n"},
		"export":                  {"PORT=3999\n" + key + "\nexport " + bad + "\n", "PORT=3999\n" + key + "\nexport " + good + "\n"},
		"UTF-16":                  {wide("PORT=3999\r\n" + key + "\r\nSTREAM_API_SECRET=" + secret + "\r\n"), "PORT=3999\r\n" + key + "\r\nSTREAM_API_SECRET=" + secret + "\r\n"},
		"UTF-16 and a Greek word": {wide("# λόγος\n" + key + "\nSTREAM_API_SECRET=" + secret + "\n"), "# λόγος\n" + key + "\nSTREAM_API_SECRET=" + secret + "\n"},
	} {
		dir := project(t, map[string]string{".env": c[0]})
		r, w := judged(t, dir)
		Offer(context.Background(), r, w)
		f, err := Open(r, w, r.Root())
		if c[1] == "" {
			if err == nil {
				t.Errorf("%s: an edit is offered", name)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v (%v)", name, err, ids(r.Causes))
			continue
		}
		if d := f.Diff(); strings.Contains(d, secret[:8]) || strings.Contains(d, secret[56:]) || strings.Contains(d, "\r") {
			t.Errorf("%s: the diff:\n%q", name, d)
		}
		undo, err := f.Apply()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if now := text(t, dir, ".env"); now != c[1] {
			t.Errorf("%s: the file is now\n%q, want\n%q", name, strings.ReplaceAll(now, secret, "…"), strings.ReplaceAll(c[1], secret, "…"))
		}
		if again, _ := judged(t, dir); again.Root() != nil {
			t.Errorf("%s: after it: %v", name, ids(again.Causes))
		}
		if err := undo.Undo(); err != nil || text(t, dir, ".env") != c[0] {
			t.Errorf("%s: undo gave %v, and other bytes", name, err)
		}
		if all, _ := os.ReadDir(dir); len(all) != 3 {
			t.Errorf("%s: left behind: %v", name, all)
		}
	}
}

// Where one of several files can't be written, those before it are put back.
func TestAllOrNothing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes mean something else there")
	}
	chat := "import { StreamChat } from 'stream-chat'\nexport const client = StreamChat.getInstance(import.meta.env.VITE_STREAM_KEY)\n"
	files := map[string]string{"web/.env": "REACT_APP_STREAM_KEY=" + key + "\n", "web/src/chat.js": strings.Replace(chat, "VITE_", "REACT_APP_", 1)}
	dir := front(t, files["web/src/chat.js"], files)
	r, w := judged(t, dir)
	Offer(context.Background(), r, w)
	root := r.Root()
	f, err := Open(r, w, root)
	if err != nil || len(f.Files()) != 2 {
		t.Fatalf("%v %v", err, ids(r.Causes))
	}
	last := filepath.Join(dir, filepath.FromSlash(f.Files()[1]))
	if err := os.Chmod(last, 0o444); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Apply(); err == nil || !strings.Contains(err.Error(), "read-only") || !strings.HasPrefix(err.Error(), f.Files()[1]+": ") {
		t.Errorf("a read-only file: %v", err)
	}
	for name, want := range files {
		if text(t, dir, name) != want {
			t.Errorf("%s isn't as it was", name)
		}
	}
	if err := os.Chmod(last, 0o644); err != nil {
		t.Fatal(err)
	}
	undo, err := f.Apply()
	if err != nil {
		t.Fatal(err)
	}
	mine := text(t, dir, f.Files()[1]) + "# mine\n"
	if err := os.WriteFile(last, []byte(mine), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := undo.Undo(); err == nil || !strings.HasPrefix(err.Error(), f.Files()[1]+": ") {
		t.Errorf("undo over a file that was changed again: %v", err)
	}
	if text(t, dir, f.Files()[1]) != mine || text(t, dir, f.Files()[0]) != files[f.Files()[0]] {
		t.Error("undo wrote over a change, or left the other file")
	}
}

// A file that git tracks is named before it's changed; a link inside of the project is followed.
func TestNotesAndLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	dir := project(t, map[string]string{"config/app.env": "PORT=3999\nSTREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=\"" + secret + " \"\n"})
	name := filepath.Join(dir, ".env")
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("config/app.env", name); err != nil {
		t.Fatal(err)
	}
	track(t, dir, ".env")
	r, w := judged(t, dir)
	Offer(context.Background(), r, w)
	f, err := Open(r, w, r.Root())
	if err != nil {
		t.Fatalf("%v %v", err, ids(r.Causes))
	}
	if notes := strings.Join(f.Notes(), "; "); !strings.Contains(notes, "git tracks "+f.Files()[0]) {
		t.Errorf("the notes of %v: %q", f.Files(), notes)
	}
	if _, err := f.Apply(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(name); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is none any more")
	}
	if now := text(t, dir, "config/app.env"); strings.Contains(now, secret+" ") {
		t.Error("the link's target wasn't changed")
	}
}
