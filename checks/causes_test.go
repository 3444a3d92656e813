package checks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// constants reads the cause ids out of causes.go, as a reader of it would.
func constants(t *testing.T) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "causes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			id, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
	}
	return ids
}

func TestPagesConstantsAndCatalogueAreOneList(t *testing.T) {
	var want, pages, files []string
	for _, id := range catalogue {
		want = append(want, string(id))
	}
	for _, p := range Pages() {
		pages = append(pages, string(p.ID))
	}
	entries, err := os.ReadDir("causes")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		files = append(files, strings.TrimSuffix(e.Name(), ".md"))
	}
	if got := constants(t); !slices.Equal(got, want) {
		t.Errorf("constants and catalogue differ:\n%v\n%v", got, want)
	}
	if !slices.Equal(pages, want) {
		t.Errorf("pages and catalogue differ:\n%v\n%v", pages, want)
	}
	slices.Sort(want)
	if !slices.Equal(files, want) {
		t.Errorf("files and catalogue differ:\n%v\n%v", files, want)
	}
	var mended []string
	for _, id := range order {
		mended = append(mended, string(id))
	}
	if slices.Sort(mended); !slices.Equal(mended, want) {
		t.Errorf("the order of mending and the catalogue differ:\n%v\n%v", mended, want)
	}
}

func TestTheContractsCausesAreThere(t *testing.T) {
	// The ids that scripts and editors depend on, copied from what the command line promises.
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
	var got []string
	for _, p := range Pages() {
		got = append(got, string(p.ID))
		want := Error
		if slices.Contains(warnings, string(p.ID)) {
			want = Warning
		}
		if p.Severity != want {
			t.Errorf("%s is %q, want %q", p.ID, p.Severity, want)
		}
	}
	if !slices.Equal(got, promised) {
		t.Errorf("got  %v\nwant %v", got, promised)
	}
}

func TestEveryPageIsWhole(t *testing.T) {
	groups := []string{"Who answers", "The endpoint", "The token's shape", "The claims", "The secret", "The key", "Stream"}
	hops := []string{"front", "backend", "stream", "front-backend", "backend-stream"}
	step := regexp.MustCompile(`(?m)^\d\. \S`)
	thread := regexp.MustCompile(`(?m)^- <https://\S+>|^- no public report known$`)
	reference := regexp.MustCompile("`([a-z]+(?:-[a-z]+)+)`")
	last := 0
	for _, p := range Pages() {
		t.Run(string(p.ID), func(t *testing.T) {
			for name, text := range map[string]string{"What you see": p.See, "Why it happens": p.Why, "How badsig proves it": p.Proof, "Not this": p.NotThis} {
				if text == "" {
					t.Errorf("no section %q", name)
				}
			}
			if p.Title == "" || strings.HasSuffix(p.Title, ".") || len([]rune(p.Title)) > 66 {
				t.Errorf("title %q: one sentence without its full stop, of at most 66 characters: so many does the console show at 120 columns", p.Title)
			}
			g := slices.Index(groups, p.Group)
			if g < last {
				t.Errorf("group %q: unknown, or out of order", p.Group)
			}
			last = g
			if !slices.Contains(hops, p.Hop) {
				t.Errorf("hop %q", p.Hop)
			}
			if len(step.FindAllString(p.Mend, -1)) == 0 {
				t.Error("Mend it has no numbered step")
			}
			if !thread.MatchString(p.Seen) {
				t.Errorf("Seen in names no thread and does not say that none is known: %q", p.Seen)
			}
			if !strings.HasPrefix(p.Text, "# "+p.Title+"\n") || strings.Contains(p.Text, "severity:") {
				t.Errorf("the text is not headed by its title: %.80q", p.Text)
			}
			for i, line := range strings.Split(p.Text, "\n") {
				if len([]rune(line)) > 170 {
					t.Errorf("line %d has %d characters", i+1, len([]rune(line)))
				}
			}
			// A page that sends the reader on must send them somewhere.
			for _, m := range reference.FindAllStringSubmatch(p.Text, -1) {
				id := m[1]
				family, _, _ := strings.Cut(id, "-")
				if _, ok := PageOf(CauseID(id)); !ok && slices.Contains([]string{"server", "wrong", "endpoint", "cors", "token", "user", "iat", "exp", "clock", "secret", "key", "app", "auth"}, family) {
					t.Errorf("it points at %q, which is no cause", id)
				}
			}
		})
	}
}

func TestCauseTakesItsWordsFromThePage(t *testing.T) {
	c := cause(CauseTokenCacheable, Proven, "because", nil, nil)
	p, ok := PageOf(CauseTokenCacheable)
	if !ok || c.Title != p.Title || c.Severity != Warning || c.Hop != "front-backend" || c.Summary != "because" {
		t.Errorf("got %+v", c)
	}
	if c.Evidence == nil || c.Fix == nil {
		t.Error("evidence and fix are lists in JSON, never null")
	}
	if _, ok := PageOf("no-such-cause"); ok {
		t.Error("a page for a cause that does not exist")
	}
}
