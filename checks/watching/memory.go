package watching

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"unicode/utf8"

	"badsig/checks/outfile"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - userId and userName of each project, and nothing else, are remembered: no key, no secret, no token
//   - a project is known by the hash of its folder
//   - forgetting isn't a fault: every error here is silent

// Memory is the file in the platform's state folder.
type Memory struct {
	file    string // "" keeps nothing
	project string
}

// remembered is what is kept of one project.
type remembered struct {
	UserID   string `json:"userId"`
	UserName string `json:"userName"`
}

// maxProjects bounds the file; maxRemembered bounds one text in it.
const (
	maxProjects   = 200
	maxRemembered = 200
	maxStateBytes = 1 << 20
)

// OpenMemory opens the memory of a project. stateDir is the folder it is in: "" for the platform's, "-" for none.
func OpenMemory(stateDir, dir string) Memory {
	if stateDir == "-" {
		return Memory{}
	}
	if stateDir == "" {
		if stateDir = stateFolder(); stateDir == "" {
			return Memory{}
		}
	}
	abs, err := filepath.Abs(cmp.Or(dir, "."))
	if err != nil {
		return Memory{}
	}
	sum := sha256.Sum256([]byte(abs))
	return Memory{filepath.Join(stateDir, "identities.json"), hex.EncodeToString(sum[:8])}
}

// stateFolder is where this platform keeps the state of programs.
func stateFolder() string {
	if d := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "badsig")
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		if d, err := os.UserConfigDir(); err == nil {
			return filepath.Join(d, "badsig")
		}
		return ""
	}
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".local", "state", "badsig")
	}
	return ""
}

func (m Memory) read() map[string]remembered {
	all := map[string]remembered{}
	if info, err := os.Stat(m.file); err != nil || !info.Mode().IsRegular() || info.Size() > maxStateBytes {
		return all
	}
	if b, err := os.ReadFile(m.file); err == nil {
		_ = json.Unmarshal(b, &all)
	}
	if all == nil {
		all = map[string]remembered{}
	}
	return all
}

// Identity gives what was last used in this project, "" for nothing.
func (m Memory) Identity() (userID, userName string) {
	if m.file == "" {
		return "", ""
	}
	r := m.read()[m.project]
	return r.UserID, r.UserName
}

// First reports whether the console was never used before on this machine.
func (m Memory) First() bool {
	if m.file == "" {
		return false
	}
	_, err := os.Stat(m.file)
	return errors.Is(err, os.ErrNotExist)
}

// Keep writes what is used now.
func (m Memory) Keep(userID, userName string) {
	if m.file == "" || len(userID) > maxRemembered || len(userName) > maxRemembered || !utf8.ValidString(userID+userName) {
		return
	}
	all := m.read()
	if len(all) >= maxProjects {
		all = map[string]remembered{}
	}
	all[m.project] = remembered{userID, userName}
	m.write(all)
}

// Forget forgets this project.
func (m Memory) Forget() {
	if m.file == "" {
		return
	}
	if all := m.read(); all[m.project] != (remembered{}) {
		delete(all, m.project)
		m.write(all)
	}
}

func (m Memory) write(all map[string]remembered) {
	b, err := json.MarshalIndent(all, "", "  ")
	if err != nil || os.MkdirAll(filepath.Dir(m.file), 0o700) != nil {
		return
	}
	_ = outfile.Replace(m.file, sanitize.JSON(b, nil), outfile.Any)
}
