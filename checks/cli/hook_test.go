//go:build unix

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// stubNpx is a folder with an npx that runs this badsig: npx --yes badsig[@VERSION] ARG…
func stubNpx(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := "#!/bin/sh\n[ \"$1\" = --yes ] || exit 99\ncase $2 in badsig|badsig@*) ;; *) exit 98;; esac\nshift 2\nexport " + beBadsig + "=1\nexec '" + exe + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "npx"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// shellIn runs a command in a folder, with that npx and an environment of its own.
func shellIn(t *testing.T, dir string, env []string, args ...string) (string, int) {
	t.Helper()
	c := exec.Command(args[0], args[1:]...)
	c.Dir = dir
	c.Env = append([]string{"HOME=" + dir, "PATH=" + stubNpx(t) + ":" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b"}, env...)
	out, _ := c.CombinedOutput()
	return string(out), c.ProcessState.ExitCode()
}

// The git hook of the examples stops a commit while the secret ends in a space, and lets it through afterwards.
func TestTheHookStopsACommit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	dir := project(t, map[string]string{"server/.env": badEnv, ".gitignore": ".env\n"})
	hook, err := os.ReadFile("../../.github/examples/pre-commit")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"git", "init", "-q"}, {"git", "add", "-A"}} {
		if out, code := shellIn(t, dir, nil, args...); code != 0 {
			t.Fatalf("%v: %s", args, out)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, ".git/hooks"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".git/hooks/pre-commit"), hook, 0o700); err != nil {
		t.Fatal(err)
	}
	out, code := shellIn(t, dir, nil, "git", "commit", "-qm", "one")
	if code == 0 || !strings.Contains(out, "The API secret ends in a space") || !strings.Contains(out, "server/.env:2") || strings.Contains(out, invented) {
		t.Errorf("the commit ended with %d:\n%s", code, out)
	}
	write(t, dir, "server/.env", goodEnv)
	if out, code := shellIn(t, dir, nil, "git", "commit", "-qm", "one"); code != 0 {
		t.Errorf("after the fix the commit ended with %d:\n%s", code, out)
	}
	if out, _ := shellIn(t, dir, nil, "git", "log", "--oneline"); strings.Count(out, "\n") != 1 {
		t.Errorf("commits:\n%s", out)
	}
}

// A checkout in CI has no .env files, which git ignores: that isn't a fault of the front end's, while
// a variable that no build would hand to the browser is.
func TestACheckoutWithoutEnvFilesIsNotRejected(t *testing.T) {
	files := map[string]string{
		"web/package.json": `{"dependencies": {"react": "18", "vite": "5", "stream-chat": "8"}}`,
		"web/src/App.jsx": "import { StreamChat } from 'stream-chat';\n" +
			"export const client = StreamChat.getInstance(import.meta.env.VITE_STREAM_KEY);\n",
		".gitignore": ".env\n",
	}
	for _, c := range []struct {
		name, file, text string
		code             int
		want             string
	}{
		{"no .env file", "README.md", "x", exitUnproven, "VITE_STREAM_KEY isn't set in any file that the front end loads"},
		{"a .env file without the key", "web/.env", "VITE_API_URL=/api\n", 1, "VITE_STREAM_KEY, which is undefined in the browser"},
		{"a name without the prefix", "web/src/App.jsx", strings.ReplaceAll(files["web/src/App.jsx"], "VITE_", ""), 1, "STREAM_KEY, which is undefined in the browser"},
	} {
		dir := project(t, files)
		write(t, dir, c.file, c.text)
		got := process{dir: dir}.run(t, "check", "--static", "--offline")
		if got.code != c.code || !strings.Contains(got.out, c.want) {
			t.Errorf("%s: exit status %d, no %q in\n%s%s", c.name, got.code, c.want, got.out, got.err)
		}
	}
}

// The action annotates the line, fails for an error and for nothing else.
func TestTheActionAnnotates(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	raw, err := os.ReadFile("../../.github/actions/check/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs map[string]struct{ Default string }
		Runs   struct {
			Steps []struct {
				Run string
				Env map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(raw, &action); err != nil {
		t.Fatal(err)
	}
	step := action.Runs.Steps[0]
	dir := project(t, map[string]string{"server/.env": badEnv})
	var env []string
	for name, from := range step.Env {
		input := strings.TrimSuffix(strings.TrimPrefix(from, "${{ inputs."), " }}")
		value := action.Inputs[input].Default
		if input == "offline" {
			value = "true"
		}
		env = append(env, name+"="+value)
	}
	env = append(env, "GITHUB_WORKSPACE="+dir)
	out, code := shellIn(t, dir, env, "bash", "-e", "-c", step.Run)
	if code != 1 || !strings.HasPrefix(out, "::error file=server/.env,line=2,title=The API secret ends in a space::") {
		t.Errorf("the step ended with %d:\n%s", code, out)
	}
	write(t, dir, "server/.env", goodEnv)
	out, code = shellIn(t, dir, env, "bash", "-e", "-c", step.Run)
	if code != 0 || !strings.HasPrefix(out, "::notice ") {
		t.Errorf("after the fix the step ended with %d:\n%s", code, out)
	}
}
