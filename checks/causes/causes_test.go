package causes

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"go/format"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write ids.go, pages.gz and the README's list of causes from the pages")

// written are the pages' files, in the order of their names.
func written(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range names {
		text, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	return out
}

// pack is pages.gz, made from the pages.
func pack(t *testing.T, texts []string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, strings.Join(texts, between)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// ids is ids.go, made from the pages.
func ids(pages []Page) (string, error) {
	var b strings.Builder
	b.WriteString("// Code generated from the pages by go test -update; DO NOT EDIT.\n\npackage causes\n\n")
	for _, g := range groups {
		fmt.Fprintf(&b, "// %s.\nconst (\n", g)
		for _, p := range pages {
			if p.Group == g {
				fmt.Fprintf(&b, "%s ID = %q // %s\n", constant(p.ID), p.ID, p.Title)
			}
		}
		b.WriteString(")\n\n")
	}
	source, err := format.Source([]byte(b.String()))
	return string(source), err
}

// constant is the name of an ID in Go: user-id-type is UserIDType.
func constant(id ID) string {
	initials := []string{"html", "cors", "id", "iat", "exp", "nbf"}
	var b strings.Builder
	for word := range strings.SplitSeq(string(id), "-") {
		if slices.Contains(initials, word) {
			b.WriteString(strings.ToUpper(word))
		} else {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// readmeList is the README's list of causes.
func readmeList(pages []Page) string {
	var b strings.Builder
	for _, g := range groups {
		var links []string
		for _, p := range pages {
			if p.Group == g {
				links = append(links, fmt.Sprintf("[%s](checks/causes/%s.md)", p.ID, p.ID))
			}
		}
		fmt.Fprintf(&b, "- **%s** %s\n", g, strings.Join(links, " · "))
	}
	return b.String()
}

var listInReadme = regexp.MustCompile(`(?m)(^- .*\]\(checks/causes/.*\n)+`)

func TestConstantsAndReadmeAreMadeFromThePages(t *testing.T) {
	texts := written(t)
	now := ordered(texts)
	source, err := ids(now)
	if err != nil {
		t.Fatal(err)
	}
	const readme = "../../README.md"
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("ids.go", []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(unpacked(), texts) {
			if err := os.WriteFile("pages.gz", pack(t, texts), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		list := strings.ReplaceAll(readmeList(now), "$", "$$")
		if err := os.WriteFile(readme, listInReadme.ReplaceAll(text, []byte(list)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !slices.Equal(unpacked(), texts) {
		t.Error("pages.gz doesn't match the pages: run go test ./checks/causes -update")
	}
	got, err := os.ReadFile("ids.go")
	if err != nil || string(got) != source {
		t.Errorf("ids.go doesn't match the pages: run go test ./checks/causes -update (%v)", err)
	}
	if found := listInReadme.FindAllString(string(text), -1); len(found) != 1 || found[0] != readmeList(now) {
		t.Error("the README's list of causes doesn't match the pages: run go test ./checks/causes -update")
	}
}

func TestPromisedCausesExist(t *testing.T) {
	// The IDs that scripts and editors depend on. IDs may be added, never removed or renamed.
	promised := strings.Fields(`server-down server-on-other-port wrong-server server-hangs server-family server-stale
		endpoint-not-found endpoint-method endpoint-html endpoint-redirect endpoint-auth endpoint-error endpoint-body cors-blocked
		token-missing token-cacheable
		token-wrapped token-truncated token-malformed token-encoding token-algorithm token-foreign token-dev token-server token-stale
		user-id-missing user-id-mismatch user-id-type user-id-placeholder user-id-characters iat-future iat-milliseconds clock-skew
		token-expired exp-relative exp-milliseconds exp-too-short claim-type nbf-future token-revoked
		secret-missing secret-placeholder secret-whitespace secret-invisible secret-quoted secret-encoding secret-case
		secret-truncated secret-padded secret-typo secret-is-key key-secret-swapped secret-fallback secret-shadowed
		secret-other-app secret-varies secret-unknown
		key-missing key-malformed key-mismatch key-unknown key-secret-mismatch secret-exposed secret-in-source
		app-suspended auth-checks-disabled stream-unreachable`)
	warnings := strings.Fields(`token-cacheable user-id-characters exp-milliseconds exp-too-short secret-exposed secret-in-source
		auth-checks-disabled stream-unreachable`)
	for _, id := range promised {
		p, ok := PageOf(ID(id))
		want := Error
		if slices.Contains(warnings, id) {
			want = Warning
		}
		if !ok || p.Severity != want {
			t.Errorf("%s: page %t, severity %q, want %q", id, ok, p.Severity, want)
		}
	}
	if _, ok := PageOf("no-such-cause"); ok {
		t.Error("a page for a cause that does not exist")
	}
}

func TestFrontMatterIsComplete(t *testing.T) {
	if *update {
		return // the pages that this program holds are those from before: the next run judges the new ones
	}
	hops := []string{"front", "backend", "stream", "front-backend", "backend-stream"}
	if n := len(written(t)); n != len(Pages()) || n != len(byID()) {
		t.Fatalf("%d files, %d pages, %d IDs", n, len(Pages()), len(byID()))
	}
	ranks := map[int]ID{}
	for _, p := range Pages() {
		t.Run(string(p.ID), func(t *testing.T) {
			if _, err := os.Stat(string(p.ID) + ".md"); err != nil {
				t.Error("the file isn't named like the page's id:", err)
			}
			if p.Title == "" || strings.HasSuffix(p.Title, ".") || len([]rune(p.Title)) > 58 {
				t.Errorf("title %q: want one sentence of at most 58 characters without a full stop; the console has room for that at 120 columns", p.Title)
			}
			if p.Severity != Error && p.Severity != Warning {
				t.Errorf("severity %q", p.Severity)
			}
			if !slices.Contains(groups, p.Group) {
				t.Errorf("group %q", p.Group)
			}
			if !slices.Contains(hops, p.Hop) {
				t.Errorf("hop %q", p.Hop)
			}
			if other, taken := ranks[p.Rank]; taken || p.Rank < 100 || p.Rank > 999 || (p.Rank >= 900) != (p.Severity == Warning) {
				t.Errorf("rank %d: want a number of its own (%q), 900 and more for warnings only", p.Rank, other)
			}
			ranks[p.Rank] = p.ID
			for _, id := range p.Hides {
				if _, ok := PageOf(id); !ok || id == p.ID {
					t.Errorf("it hides %q", id)
				}
			}
		})
	}
}

func TestEveryPageIsComplete(t *testing.T) {
	step := regexp.MustCompile(`(?m)^\d\. \S`)
	thread := regexp.MustCompile(`(?m)^- <https://\S+>|^- no public reports found$`)
	reference := regexp.MustCompile("`([a-z]+(?:-[a-z]+)+)`")
	for _, p := range Pages() {
		t.Run(string(p.ID), func(t *testing.T) {
			for name, text := range map[string]string{
				"Symptoms": p.Symptoms, "Why it happens": p.Why, "How badsig confirms it": p.Confirm, "Don't confuse it with": p.Confused,
			} {
				if text == "" {
					t.Errorf("no section %q", name)
				}
			}
			if !step.MatchString(p.Fix) {
				t.Error("How to fix it has no numbered step")
			}
			if !thread.MatchString(p.Reported) {
				t.Errorf("Reported in names no thread and doesn't say that none was found: %q", p.Reported)
			}
			if !strings.HasPrefix(p.Text, "# "+p.Title+"\n") || strings.Contains(p.Text, "severity:") {
				t.Errorf("the text is not headed by its title: %.80q", p.Text)
			}
			for i, line := range strings.Split(p.Text, "\n") {
				if len([]rune(line)) > 170 {
					t.Errorf("line %d has %d characters", i+1, len([]rune(line)))
				}
			}
			// A page that points to another one must point to one that exists.
			for _, m := range reference.FindAllStringSubmatch(p.Text, -1) {
				family, _, _ := strings.Cut(m[1], "-")
				families := []string{"server", "wrong", "endpoint", "cors", "token", "user", "iat", "exp", "clock", "secret", "key", "app", "auth"}
				if _, ok := PageOf(ID(m[1])); !ok && slices.Contains(families, family) {
					t.Errorf("it points to %q, which is not a cause", m[1])
				}
			}
		})
	}
}
