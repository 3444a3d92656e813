//go:build unix

package checks_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/tokens"
)

// unprivileged tells whether the test goes on: as a user who may not read
// everything. Root reads what is closed, so root runs the test again as a user
// who owns nothing, and goes by what that one says.
func unprivileged(t *testing.T) bool {
	t.Helper()
	if os.Geteuid() != 0 {
		return true
	}
	const nobody = 65534
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/proc/self/exe"); err == nil {
		self = "/proc/self/exe" // the folder of the test's binary is closed to that user, the file itself is not
	}
	cmd := exec.Command(self, "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=2m")
	cmd.Dir, cmd.Env = "/", []string{"PATH=" + os.Getenv("PATH"), "HOME=/nowhere", "TMPDIR=/tmp"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("as a user who owns nothing: %v\n%s", err, out)
	}
	return false
}

// What is closed to the person who sends the request may hold what the program reads: it is
// named, and nothing is said to be missing that may be there.
func TestWhatCannotBeRead(t *testing.T) {
	if !unprivileged(t) {
		return
	}
	const other = "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqr"
	vite := map[string]string{
		"stream/package.json":               `{"name":"stream","dependencies":{"react":"19","stream-chat-react":"13"},"devDependencies":{"vite":"6"},"scripts":{"dev":"vite"}}`,
		"stream/src/config/streamConfig.js": "import { StreamChat } from 'stream-chat'\nexport const client = StreamChat.getInstance(import.meta.env.VITE_STREAM_KEY)\n",
		"stream/.env":                       "VITE_STREAM_KEY=" + hostileKey + "\n",
	}
	for _, c := range []struct {
		name    string
		files   map[string]string
		closed  string
		secret  string // the dashboard's, "" where no pair is passed
		verdict string
		root    causes.ID
		says    []string
	}{
		{name: "a folder of no matter", files: map[string]string{"closed/x.js": ""}, closed: "closed", secret: hostileSecret, verdict: checks.Accepted, says: []string{"closed: cannot be read"}},
		{name: "the server's .env, and a pair that fits", closed: "server/.env", secret: hostileSecret, verdict: checks.Accepted, says: []string{"server/.env: cannot be read"}},
		{name: "the server's .env", closed: "server/.env", verdict: checks.Unproven, says: []string{"no match among", "server/.env couldn't be read"}},
		{name: "the server's .env, and a pair that does not fit", closed: "server/.env", secret: other, verdict: checks.Rejected, root: causes.SecretUnknown, says: []string{"in any file that it could read", "server/.env couldn't be read"}},
		{name: "the server's folder", closed: "server", verdict: checks.Unproven, says: []string{"server couldn't be read"}},
		{name: "the front end's .env", files: vite, closed: "stream/.env", secret: hostileSecret, verdict: checks.Accepted, says: []string{"stream/.env: cannot be read"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			target := soundProject(t)
			target.Offline = true
			if c.secret != "" {
				target.APIKey, target.Secret = hostileKey, tokens.NewSecret([]byte(c.secret))
			}
			for name, text := range c.files {
				put(t, target.Dir, name, []byte(text))
			}
			path := filepath.Join(target.Dir, filepath.FromSlash(c.closed))
			if err := os.Chmod(path, 0); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(path, 0o700) })
			r, f := bounded(t, target)
			sentences(t, r)
			var root causes.ID
			if r.Root() != nil {
				root = r.Root().ID
			}
			if r.Verdict != c.verdict || root != c.root || root == "" && len(r.Causes) > 0 {
				t.Errorf("%s, named first %q, want %s and %q:\n%s", r.Verdict, root, c.verdict, c.root, f.text)
			}
			for _, s := range c.says {
				if !strings.Contains(f.text, s) {
					t.Errorf("the text does not say %q:\n%s", s, f.text)
				}
			}
			if strings.Contains(f.text, "nowhere in the project") {
				t.Errorf("what was not read is said to stand nowhere:\n%s", f.text)
			}
		})
	}
}
