package cli

import (
	"testing"

	"github.com/spf13/cobra"
)

// What a shell exports for its backend is the dashboard's pair to check, and the
// child's own to run; badsig's own variables come first everywhere.
func TestWhoseVariableTheShellsIs(t *testing.T) {
	for _, c := range []struct {
		command string
		env     map[string]string
		want    string
	}{
		{"check", map[string]string{"STREAM_API_SECRET": "stream"}, "STREAM_API_SECRET"},
		{"check", map[string]string{"STREAM_API_SECRET": "stream", "BADSIG_API_SECRET": "badsig"}, "BADSIG_API_SECRET"},
		{"run", map[string]string{"STREAM_API_SECRET": "stream"}, ""},
		{"run", map[string]string{"STREAM_API_SECRET": "stream", "BADSIG_API_SECRET": "badsig"}, "BADSIG_API_SECRET"},
		{"mint", nil, ""},
	} {
		p := &Program{Getenv: func(name string) string { return c.env[name] }}
		if _, name := p.shellValue(&cobra.Command{Use: c.command + " [flags]"}, "SECRET"); name != c.want {
			t.Errorf("%s with %v takes %q, want %q", c.command, c.env, name, c.want)
		}
	}
}
