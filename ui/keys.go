package ui

import (
	"badsig/checks/affix"
	"badsig/checks/facts"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/causes"
)

// Rules of this file:
//   - one table: the keys that act, the footer, the help and the palette are all read from it
//   - a plain letter acts only where no letters are typed; everything has a plain letter and a way without one
//   - a key that can't act now says why

// action is something a person can do.
type action struct {
	id    string   // its name in the file of keys
	keys  []string // the first one is shown
	says  string
	group string // the help's heading
	foot  string // what the footer says; "" is not in it
	why   func(*app) string
	do    func(*app) tea.Cmd
}

// cannot says why the action can't be done now, "" where it can.
func (x action) cannot(a *app) string {
	if x.why == nil {
		return ""
	}
	return x.why(a)
}

// key is the first key of an action that acts: where letters are typed, one that is none.
func (x action) key(typing bool) string {
	for _, k := range x.keys {
		if !typing || !letter(k) {
			return k
		}
	}
	return ""
}

// key names the key of an action, for a string.
func (s *session) key(id string) string {
	if k := s.keyNames[id]; k != "" {
		return k
	}
	for _, x := range actions() {
		if x.id == id {
			return x.key(false)
		}
	}
	return ""
}

func noChild(a *app) string {
	if c := a.s.child; c != nil && c.onlyLogs() {
		return clean(c.says()) + " only follows a log: restart the backend where it runs"
	}
	if !a.s.child.ours() {
		return "badsig didn't start the backend; badsig run -- COMMAND starts it and can restart it"
	}
	return ""
}

func noLog(a *app) string {
	if a.s.child == nil {
		return "no log: start the backend with badsig run -- COMMAND, or follow its log with --log FILE"
	}
	return ""
}

// noProblem begins to say why there's nothing to act on.
func noProblem(a *app) string {
	if a.s.report == nil {
		return "no check has finished yet, so there's "
	}
	return "no problem was found, so there's "
}

func noCause(a *app) string {
	if pageOf(a) == "" {
		return noProblem(a) + "no page to show"
	}
	return ""
}

// pageOf is the cause whose page can be shown: the open problem's, else the demo's bug.
func pageOf(a *app) causes.ID {
	if c := a.wrong.cause(a.s); c != nil {
		return c.ID
	}
	if a.s.demo != nil {
		return causes.ID(a.s.demo.Fault)
	}
	return ""
}

// actions is everything the console does, in the order of help and palette.
func actions() []action {
	open := func(of func(*app) overlay) func(*app) tea.Cmd {
		return func(a *app) tea.Cmd { a.open(of(a)); return nil }
	}
	return []action{
		{"next", []string{"tab"}, "next pane", "move", "next pane", nil, func(a *app) tea.Cmd { a.turn(1); return nil }},
		{"previous", []string{"shift+tab"}, "previous pane", "move", "", nil, func(a *app) tea.Cmd { a.turn(-1); return nil }},
		{"zoom", []string{"+", "f11"}, "zoom this pane", "move", "", nil, func(a *app) tea.Cmd { a.zoomed = !a.zoomed; return nil }},
		{"back-one", []string{"["}, "previous problem or token", "move", "", nil, func(a *app) tea.Cmd { return a.step(-1) }},
		{"forward-one", []string{"]"}, "next problem or token", "move", "", nil, func(a *app) tea.Cmd { return a.step(1) }},
		{"fix", []string{"F", "f2"}, "show the edit that fixes it", "look", "fix it", noFix, func(a *app) tea.Cmd { return fixes{a}.prepareFix() }},
		{"undo", []string{"u"}, "undo badsig's last edit", "look", "", noUndo, func(a *app) tea.Cmd { return fixes{a}.undoFix() }},
		{"edit", []string{"E", "f4"}, "open the file in your editor", "look", "edit", noPlace, func(a *app) tea.Cmd { return outside{a}.edit() }},
		{"copy-fix", []string{"c"}, "copy the fix command", "copy", "copy fix", func(a *app) string {
			if a.wrong.cause(a.s) == nil {
				return noProblem(a) + "no command to copy"
			}
			if len(a.wrong.commands(a.s)) == 0 {
				return "this fix has no command to copy"
			}
			return ""
		}, func(a *app) tea.Cmd { return copies{a}.command() }},
		{"check", []string{"a", "ctrl+r", "f5"}, "check again", "look", "check again", nil, (*app).again},
		{"copy-token", []string{"y", "ctrl+y"}, "copy the token", "copy", "copy token", nil, func(a *app) tea.Cmd { return copies{a}.token() }},
		{"checklist", []string{"v", "ctrl+g"}, "checklist", "look", "checklist", nil, func(a *app) tea.Cmd { a.show(paneGuide); return nil }},
		{"paste", []string{"p", "ctrl+p"}, "paste anything", "look", "paste anything", nil, open(func(*app) overlay { return newPaste() })},
		{"header", []string{"h"}, "send a header or cookie", "look", "", nil, open(func(*app) overlay { return newHeaders() })},
		{"log", []string{"l", "ctrl+l"}, "log", "look", "log", noLog, func(a *app) tea.Cmd { a.show(paneLog); return nil }},
		{"restart", []string{"s", "ctrl+s"}, "restart the backend", "look", "restart", noRestart, (*app).restart},
		{"dashboard", []string{"d", "f6"}, "compare with the dashboard", "look", "dashboard pair", nil, open(func(a *app) overlay { return newCompare(a.s) })},
		{"open", []string{"o", "f7"}, "open Stream's dashboard or docs", "look", "", nil, func(a *app) tea.Cmd { return outside{a}.browse() }},
		{"explain", []string{"e", "f3"}, "explain this cause", "look", "", noCause, open(func(a *app) overlay { return newExplain(pageOf(a)) })},
		{"tokens", []string{"t", "f8"}, "tokens side by side", "look", "", nil, open(func(*app) overlay { return &tokensBeside{} })},
		{"pairs", []string{"x", "f9"}, "test every key/secret pair with Stream", "look", "", nil, open(func(*app) overlay { return &grid{} })},
		{"copy-curl", []string{"C"}, "copy the cURL command", "copy", "", nil, func(a *app) tea.Cmd { return copies{a}.curl() }},
		{"copy-report", []string{"r"}, "copy the report", "copy", "", nil, func(a *app) tea.Cmd { return copies{a}.report() }},
		{"save-report", []string{"R"}, "save the report", "copy", "", nil, func(a *app) tea.Cmd { return copies{a}.saveReport() }},
		{"bug", []string{"f"}, "choose another bug (demo)", "look", "", func(a *app) string {
			if a.s.demo == nil || a.s.demo.Plant == nil {
				return "only the demo has bugs to choose from: badsig demo"
			}
			return ""
		}, open(func(a *app) overlay { return newPlant(a.s) })},
		{"commands", []string{":", "ctrl+k"}, "all commands", "help", "", nil, open(newPalette)},
		{"help", []string{"?", "f1"}, "help", "help", "help", nil, open(func(*app) overlay { return &help{} })},
		{"suspend", []string{"ctrl+z"}, "suspend", "leave", "", nil, (*app).suspend},
		{"quit", []string{"q"}, "quit", "leave", "quit", nil, func(a *app) tea.Cmd { return tea.Quit }},
		{"interrupt", []string{"ctrl+c"}, "force quit (exit 130)", "leave", "", nil, (*app).interrupt},
	}
}

// letter reports whether a key is a plain character, which belongs to a field
// that is being typed in.
func letter(k string) bool { return len([]rune(k)) == 1 }

// logLetters are the log's own, as in other pagers; there they come before the table's.
const logLetters = "fgGnN/jk"

// guideLetters are the checklist's own: done, not done, copy the cURL command, and moving.
const guideLetters = "ynkj"

// checkLetters are the checks' own while something is searched for in them.
const checkLetters = "nN"

// find gives the action of a key.
func (a *app) find(msg tea.KeyMsg) *action {
	k := msg.String()
	if msg.Paste || msg.Alt || letter(k) && (a.typing() || a.paneLetter(k)) {
		return nil
	}
	for i := range a.actions {
		if x := &a.actions[i]; facts.OneOf(x.keys, k) {
			return x
		}
	}
	return nil
}

// paneLetter reports whether a letter is the own one of the pane that has the focus.
func (a *app) paneLetter(k string) bool {
	switch a.at {
	case paneLog:
		return a.s.child != nil && affix.Contains(logLetters, k)
	case paneGuide:
		return affix.Contains(guideLetters, k)
	case paneChecks:
		return a.live.find.word != "" && affix.Contains(checkLetters, k)
	case paneWrong:
		return k == "n" || k == "N"
	}
	return false
}

// act does what an action does, or says why it can't be done.
func (a *app) act(x *action) tea.Cmd {
	if why := x.cannot(a); why != "" {
		a.say(note, why)
		return fade(toastFor)
	}
	return x.do(a)
}

// step goes to the next or previous problem or token, where the pane that has
// the focus has several.
func (a *app) step(by int) tea.Cmd {
	of := len(a.s.sources())
	if a.at == paneToken {
		a.token.turn(a.s, by)
	} else {
		of = 0
		if a.s.report != nil {
			of = len(a.s.report.Causes)
		}
		a.wrong.open(a.s, a.wrong.at+by)
	}
	if of > 1 {
		return nil
	}
	a.say(note, map[bool]string{true: "there's no other token", false: "there's no other problem"}[a.at == paneToken])
	return fade(toastFor)
}

// hints are the keys of the footer that act now, and those that always find
// room in it.
func (a screen) hints() (hints, always [][2]string) {
	if a.over != nil {
		return a.over.hints(), [][2]string{{"esc", "back"}}
	}
	typing := a.typing()
	switch {
	case typing && a.at == paneIdentity:
		hints = [][2]string{{"tab", "next field"}}
		always = [][2]string{{"f1", "help"}, {"esc", "leave"}}
	case typing: // every key that is pressed is part of the search
		return [][2]string{{"enter", "search"}, {"esc", "no search"}}, nil
	case a.at == paneLog:
		hints = a.logs.hints()
		always = [][2]string{{"esc", "back"}}
	case a.at == paneGuide:
		hints = a.guide.hints(a.s)
		always = [][2]string{{"esc", "back"}}
	case a.at == paneToken:
		hints = [][2]string{{"[ ]", "other token"}}
	}
	for _, x := range a.actions {
		k := x.key(typing)
		taken := affix.Any(hints, func(h [2]string) bool { return h[0] == k }) || a.paneLetter(k)
		if x.foot == "" || k == "" || taken || x.cannot(a.app) != "" || typing && x.id == "next" {
			continue
		}
		if x.group == "help" || x.group == "leave" {
			if !typing {
				always = append(always, [2]string{k, x.foot})
			}
		} else {
			foot := x.foot
			if l := launchFor(a.s, a.wrong.cause(a.s)); x.id == "fix" && l != nil {
				foot = l.short()
			}
			hints = append(hints, [2]string{k, foot})
		}
	}
	return hints, always
}

// noRestart says why the backend can't be restarted from here.
func noRestart(a *app) string {
	if a.s.demo != nil && a.s.demo.Restart != nil {
		return ""
	}
	return noChild(a)
}

// noPlace says why no file can be opened.
func noPlace(a *app) string {
	if _, _, ok := (outside{a}).place(); !ok {
		return "no file to open: badsig found none that the fix is in"
	}
	return ""
}

// aboutPair reports whether a cause is about the key, the secret or the app:
// what the dashboard shows.
func aboutPair(id causes.ID) bool {
	page, ok := causes.PageOf(id)
	return ok && (page.Group == causes.APISecret || page.Group == causes.APIKey || page.Group == causes.Stream)
}
