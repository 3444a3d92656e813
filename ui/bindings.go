package ui

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Rules of this file:
//   - the file of keys changes which keys do what; a mistake in it is named with its line, and the keys stay as they were
//   - a key does one thing

// keysFile is the name of the file of keys in badsig's config folder.
const keysFile = "keys.conf"

// maxKeysFile bounds what is read of it.
const maxKeysFile = 64 << 10

// configFolder is where this platform keeps the settings of programs, "" for nowhere.
func configFolder(opt Options) string {
	switch opt.ConfigDir {
	case "-":
		return ""
	case "":
		if d, err := os.UserConfigDir(); err == nil {
			return filepath.Join(d, "badsig")
		}
		return ""
	}
	return opt.ConfigDir
}

// bindKeys gives the actions with the keys of the person's file; what is wrong
// with the file is said, and then the keys are the usual ones.
func bindKeys(opt Options) (bound []action, file string, err error) {
	bound = actions()
	dir := configFolder(opt)
	if dir == "" {
		return bound, "", nil
	}
	file = filepath.Join(dir, keysFile)
	info, statErr := os.Stat(file)
	switch {
	case statErr != nil:
		return bound, file, nil
	case !info.Mode().IsRegular() || info.Size() > maxKeysFile:
		return bound, file, fmt.Errorf("%s isn't a small text file", file)
	}
	text, readErr := os.ReadFile(file)
	if readErr != nil {
		return bound, file, fmt.Errorf("can't read %s", file)
	}
	changed, err := rebind(bound, string(text))
	if err != nil {
		return bound, file, fmt.Errorf("%s %w", file, err)
	}
	return changed, file, nil
}

// rebind changes the keys of actions as the lines of a string say: restart = s, f12
func rebind(bound []action, text string) ([]action, error) {
	out := slices.Clone(bound)
	line := map[string]int{} // of an action
	for n, l := range strings.Split(text, "\n") {
		l, _, _ = affix.Cut(l, "\t#")
		if l = strings.TrimSpace(l); l == "" || affix.HasPrefix(l, "#") {
			continue
		}
		id, list, ok := affix.Cut(l, "=")
		id = strings.TrimSpace(id)
		at := slices.IndexFunc(out, func(x action) bool { return x.id == id })
		switch {
		case !ok:
			return nil, fmt.Errorf("line %d: expected ACTION = KEY, KEY", n+1)
		case at < 0:
			return nil, fmt.Errorf("line %d: there's no action %q; help (?) lists them", n+1, cut(clean(id), 20))
		case id == "interrupt":
			return nil, fmt.Errorf("line %d: ctrl+c always ends badsig", n+1)
		}
		var keys []string
		for _, k := range strings.Split(list, ",") {
			if k = strings.TrimSpace(k); k == "" {
				continue
			}
			if !validKey(k) {
				return nil, fmt.Errorf("line %d: %q isn't a key badsig can use; write keys like s, R, ctrl+s, f5", n+1, cut(clean(k), 20))
			}
			keys = append(keys, k)
		}
		if len(keys) == 0 {
			return nil, fmt.Errorf("line %d: %s needs a key", n+1, id)
		}
		out[at].keys, line[id] = keys, n+1
	}
	by := map[string]string{}
	for _, x := range out {
		for _, k := range x.keys {
			if other, taken := by[k]; taken {
				return nil, fmt.Errorf("line %d: %s is the key of both %s and %s", max(line[x.id], line[other]), k, other, x.id)
			}
			by[k] = x.id
		}
	}
	return out, nil
}

// held are the keys that panes and fields need.
var held = []string{"esc", "enter", "up", "down", "left", "right", "home", "end", "pgup", "pgdown", "backspace", "delete", " ", "ctrl+c", "ctrl+u", "ctrl+w", "/"}

// validKey reports whether a key may be bound: a character, a function key, or ctrl with a letter.
func validKey(k string) bool {
	if facts.OneOf(held, k) || len(k) == 1 && k >= "0" && k <= "5" {
		return false
	}
	if len([]rune(k)) == 1 {
		return k > " " && k != "\x7f"
	}
	if k == "tab" || k == "shift+tab" {
		return true
	}
	if c, ok := affix.CutPrefix(k, "ctrl+"); ok {
		return len(c) == 1 && c >= "a" && c <= "z" && !affix.Contains("chijmq", c) // ctrl+h, i, j and m are other keys
	}
	n, ok := affix.CutPrefix(k, "f")
	return ok && facts.OneOf([]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}, n)
}

// readKeys gives the console its keys.
func (a *app) readKeys() {
	bound, file, err := bindKeys(a.opt)
	a.actions, a.s.bound = bound, bound
	a.s.keyNames = map[string]string{}
	var ids []string
	for _, x := range bound {
		a.s.keyNames[x.id] = x.key(false)
		if x.id != "interrupt" {
			ids = append(ids, x.id)
		}
	}
	if file != "" {
		a.s.keysSay = "Keys can be changed in " + clean(file) + ": one line per action, such as restart = s, f12. Actions: " + strings.Join(ids, ", ")
	}
	if err != nil {
		a.keysErr = err.Error() + "; the usual keys apply"
	}
}
