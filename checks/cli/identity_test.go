package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"badsig/checks/watching"
)

// check looks at the user that the console was used with in this project, says so, and can forget it.
func TestCheckUsesTheConsolesUser(t *testing.T) {
	dir, state := project(t, nil), t.TempDir()
	t.Setenv("XDG_STATE_HOME", state)
	watching.OpenMemory("", dir).Keep("jane", "Jane Roe")
	s := process{dir: t.TempDir(), env: []string{"XDG_STATE_HOME=" + state}}
	user := func(args ...string) (id, name, note string) {
		t.Helper()
		r := s.run(t, append([]string{"check", "--json", "--static", "--offline", "--dir", dir}, args...)...)
		var doc struct {
			Target struct{ UserID, UserName string }
		}
		if err := json.Unmarshal([]byte(r.out), &doc); err != nil {
			t.Fatalf("%v: %+v", err, r)
		}
		return doc.Target.UserID, doc.Target.UserName, r.err
	}
	if id, name, note := user(); id != "jane" || name != "Jane Roe" || !strings.Contains(note, "jane") || !strings.Contains(note, "--forget") {
		t.Errorf("%q %q, and it says %q", id, name, note)
	}
	if id, _, note := user("--user-id", "joe"); id != "joe" || note != "" {
		t.Errorf("with --user-id: %q, and it says %q", id, note)
	}
	if id, _, note := user("--forget"); id != "test123" || !strings.Contains(note, "forgot") {
		t.Errorf("with --forget: %q, and it says %q", id, note)
	}
	if id, _, note := user(); id != "test123" || note != "" {
		t.Errorf("after --forget: %q, and it says %q", id, note)
	}
}
