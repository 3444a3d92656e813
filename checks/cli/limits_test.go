package cli

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// limits are the functions of the probes that bound their own time, and the facts that tell that it ended.
// checks/rules/limits_test.go holds that each of them makes unknown.
var limits = map[string]string{
	"backend/backend.go Probe":              "Answer.Error, TookMs",
	"backend/ask.go ask":                    "Answer.Error, TookMs",
	"backend/main.go awaitStart":            "Answer.Status: 503 of a server that is still starting",
	"backend/dial.go dial":                  "Dial.Error, TookMs",
	"listener/listener.go look":             "Listener without PID and InsideKnown; Listeners.Cut",
	"backend/dial.go awaitListener":         "Dial.Error: the connection was refused",
	"listener/owners.go PortOwners":         "an owner without a PID, for the console's watch alone",
	"listener/gopsutil.go listenSockets":    "Errors, and Listeners.Known is false",
	"listener/neighbors.go Neighbors":       "what wasn't found by then is looked for again",
	"signer/signer.go typos":                "Signer.Cut",
	"stream/stream.go Pair":                 "Stream.Cut",
	"stream/ask.go request":                 "StreamAnswer.Error",
	"project/fronts/bundles.go ReadBundles": "Project.Unsearched",
}

func TestEveryLimitOfTimeIsTold(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for path, files := range goFiles(t) {
		if !within(path, "checks/probe") {
			continue
		}
		for name, f := range files {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Body == nil {
					continue
				}
				ast.Inspect(fn.Body, func(n ast.Node) bool {
					if call, ok := n.(*ast.CallExpr); ok && (slices.Contains([]string{"context.WithTimeout", "context.WithDeadline", "time.After", "tokens.FindSignerWithin"}, calleeOf(call.Fun)) || endsLater(call)) {
						rel, err := filepath.Rel("../../checks/probe", name)
						if err != nil {
							t.Fatal(err)
						}
						key := filepath.ToSlash(rel) + " " + fn.Name.Name
						if found[key] = true; limits[key] == "" {
							t.Errorf("%s bounds its own time, and nothing says what tells that it ended", key)
						}
					}
					return true
				})
			}
		}
	}
	for key := range limits {
		if !found[key] {
			t.Errorf("%s bounds no time", key)
		}
	}
}

// endsLater tells time.Now().Add(…).
func endsLater(call *ast.CallExpr) bool {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != "Add" {
		return false
	}
	now, ok := s.X.(*ast.CallExpr)
	return ok && calleeOf(now.Fun) == "time.Now"
}

// The user of a body that was passed is the one that the token must be for.
func TestTheUserOfAGivenBody(t *testing.T) {
	for body, want := range map[string]string{
		`{"userId": "jane"}`: "jane", `{"user_id": "jane", "id": "jane"}`: "jane", `{"userId": "jane", "id": "joe"}`: "", `{"id": 7}`: "", `userId=jane`: "", ``: "",
	} {
		if got := userOf([]byte(body)); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, `"userId": "jane"`}, {[]string{"--user-id", "joe"}, `"userId": "joe"`},
	} {
		got := process{dir: dir}.run(t, append([]string{"check", "--static", "--offline", "--json", "--data", `{"userId": "jane"}`}, c.args...)...)
		if !strings.Contains(got.out, c.want) {
			t.Errorf("%v: no %s in %s%s", c.args, c.want, got.out, got.err)
		}
	}
}
