package ui

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

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/outfile"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - userId and userName of each project, and nothing else, are remembered: no key, no secret, no token
//   - a project is known by the hash of its folder
//   - forgetting isn't a fault: every error here is silent

// memory is the file in the platform's state folder.
type memory struct {
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

func openMemory(stateDir, dir string) memory {
	if stateDir == "-" {
		return memory{}
	}
	if stateDir == "" {
		if stateDir = stateFolder(); stateDir == "" {
			return memory{}
		}
	}
	abs, err := filepath.Abs(cmp.Or(dir, "."))
	if err != nil {
		return memory{}
	}
	sum := sha256.Sum256([]byte(abs))
	return memory{filepath.Join(stateDir, "identities.json"), hex.EncodeToString(sum[:8])}
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

func (m memory) read() map[string]remembered {
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

// identity gives what was last used in this project, "" for nothing.
func (m memory) identity() (userID, userName string) {
	if m.file == "" {
		return "", ""
	}
	r := m.read()[m.project]
	return r.UserID, r.UserName
}

// first reports whether the console was never used before on this machine.
func (m memory) first() bool {
	if m.file == "" {
		return false
	}
	_, err := os.Stat(m.file)
	return errors.Is(err, os.ErrNotExist)
}

// keep writes what is used now.
func (m memory) keep(userID, userName string) tea.Cmd {
	if m.file == "" || len(userID) > maxRemembered || len(userName) > maxRemembered || !utf8.ValidString(userID+userName) {
		return nil
	}
	return func() tea.Msg {
		all := m.read()
		if len(all) >= maxProjects {
			all = map[string]remembered{}
		}
		all[m.project] = remembered{userID, userName}
		b, err := json.MarshalIndent(all, "", "  ")
		if err != nil || os.MkdirAll(filepath.Dir(m.file), 0o700) != nil {
			return nil
		}
		_ = outfile.Replace(m.file, sanitize.JSON(b, nil), outfile.Any)
		return nil
	}
}
