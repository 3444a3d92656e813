package ui

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/probe/pattern"
	"badsig/tokens"
	"badsig/ui/theme"
)

// paste accepts anything that has to do with the error: a token, a header,
// Stream's response, a WebSocket URL, a copied cURL command. It says what it is
// and, on enter, runs the checks with what it found in it.
type paste struct {
	in    field
	text  string // as it came, newlines too
	found *Inspection
	busy  bool // it is being looked at: trying every secret takes seconds
	then  bool // enter was pressed meanwhile

	searched string // the text in which held was looked for: each frame needs it again
	held     tokens.Secret
}

// inspectedMsg says what a string turned out to be.
type inspectedMsg struct {
	by    *paste
	text  string
	found Inspection
}

// inspect looks at the text, one look at a time, off the loop that draws.
func (p *paste) inspect(a *app) tea.Cmd {
	if p.found = nil; p.busy || p.text == "" || a.opt.Inspect == nil {
		return nil
	}
	p.busy = true
	look, text := a.opt.Inspect, p.text
	return func() tea.Msg { return inspectedMsg{p, text, look(text)} }
}

// pastes handles what the user pastes into the console.
type pastes struct{ *app }

// movedSecret moves a secret that was pasted into another field to where it
// belongs; false if the text isn't a secret.
func (a pastes) movedSecret(msg tea.KeyMsg) (tea.Cmd, bool) {
	secret := tokens.NewSecret([]byte(strings.TrimSpace(string(msg.Runes))))
	if !msg.Paste || !secret.WellFormed() {
		return nil, false
	}
	a.s.target.Secret = secret
	a.s.mint()
	a.say(note, "that's an API secret: rechecking with it as the dashboard's; it stays in memory")
	return tea.Batch(a.start(), fade(2*toastFor)), true
}

// elsewhere is that for a secret pasted into a field that is for something else.
func (a pastes) elsewhere(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch a.over.(type) {
	case *paste, *compare:
		return nil, false
	}
	if !a.typing() {
		return nil, false
	}
	cmd, moved := a.movedSecret(msg)
	if moved {
		a.over = nil
	}
	return cmd, moved
}

// inspected handles a finding; the field may have changed by now.
func (a pastes) inspected(m inspectedMsg) tea.Cmd {
	p := m.by
	p.busy = false
	if p.text != m.text {
		return p.inspect(a.app)
	}
	if p.found = &m.found; p.then && a.over == overlay(p) {
		return p.use(a.app)
	}
	return nil
}

func newPaste() overlay { return &paste{in: newField("", false)} }

func (p *paste) title(*session) string { return "Paste anything" }
func (p *paste) typing() bool          { return true }
func (p *paste) hints() [][2]string {
	return [][2]string{{"enter", "use and recheck"}, {"ctrl+u", "clear"}}
}

func (p *paste) key(a *app, msg tea.KeyMsg) tea.Cmd {
	if msg.String() == "enter" {
		return p.use(a)
	}
	text := ""
	if msg.Paste { // what is pasted replaces what stood there, and keeps its newlines
		text = string(msg.Runes)
		p.in.set("")
		if len(msg.Runes) > maxField {
			msg.Runes = msg.Runes[:maxField]
		}
	}
	if !p.in.key(msg, true) && !msg.Paste {
		return nil
	}
	p.text, p.then = strings.TrimSpace(facts.First(text, p.in.value())), false
	return p.inspect(a)
}

// takes lists what the checks would be run with.
func (p *paste) takes() []string {
	var out []string
	in := p.found
	if in.Token != "" {
		out = append(out, "the token, as the browser's")
	}
	if key := p.apiKey(); key != "" {
		out = append(out, "the API key "+key.Masked())
	}
	if in.Browser != "" {
		out = append(out, "the API key "+in.Browser.Masked()+", as the browser's")
	}
	if in.UserID != "" {
		out = append(out, "the user "+in.UserID)
	}
	if in.URL != "" {
		out = append(out, "the endpoint "+in.URL)
		for _, name := range []string{"Cookie", "Authorization"} {
			if in.Header.Get(name) != "" {
				out = append(out, "its "+name+" header; the value isn't shown or saved")
			}
		}
	}
	if !p.secret().IsZero() {
		out = append(out, "the API secret, as the dashboard's; it stays in memory")
	}
	return out
}

// secretShape is how Stream's secrets look.
var secretShape = pattern.New(`(?:^|[^A-Za-z0-9_.\-])([a-z0-9]{64})(?:$|[^A-Za-z0-9_.\-])`)

// secret is the one API secret in the text; with several, it isn't known which one is meant.
func (p *paste) secret() tokens.Secret {
	if p.searched != p.text {
		p.searched, p.held = p.text, onlySecret(p.text)
	}
	return p.held
}

// apiKey is the dashboard's key in the text. Beside a secret it is the one on a
// line, or after a label, of its own: a key in an error's sentence is the browser's.
func (p *paste) apiKey() tokens.APIKey {
	if p.found.APIKey != "" || p.secret().IsZero() {
		return p.found.APIKey
	}
	var found tokens.APIKey
	for _, line := range strings.Split(p.text, "\n") {
		words, key := strings.FieldsFunc(line, func(r rune) bool { return !wordRune(r) }), tokens.APIKey("")
		for _, w := range words {
			switch l := strings.ToLower(w); {
			case tokens.APIKey(w).WellFormed() && len(w) == 12 && affix.ContainsAny(w, "0123456789"):
				key = tokens.APIKey(w)
			case len(w) != 64 && !affix.Contains(l, "key") && !affix.Contains(l, "secret") && !affix.Contains(" api app stream access is and my ", " "+l+" "):
				words = nil
			}
		}
		if words == nil || key == "" || key == found {
			continue
		}
		if found != "" {
			return ""
		}
		found = key
	}
	return found
}

func wordRune(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

func onlySecret(text string) tokens.Secret {
	var found tokens.Secret
	for _, m := range secretShape.FindAllStringSubmatch(text, 3) {
		s := tokens.NewSecret([]byte(m[1]))
		if !found.IsZero() && s.Fingerprint() != found.Fingerprint() {
			return tokens.Secret{}
		}
		found = s
	}
	return found
}

func (p *paste) use(a *app) tea.Cmd {
	in := p.found
	if in == nil && p.busy {
		p.then = true
		return nil
	}
	p.then = false
	if in == nil || len(p.takes()) == 0 {
		a.say(note, "Nothing here to check")
		return fade(toastFor)
	}
	t := &a.s.target
	if in.Token != "" {
		t.Token = in.Token
		a.s.source = fromBrowser
	}
	if s := p.secret(); !s.IsZero() {
		t.Secret = s
	}
	if key := p.apiKey(); key != "" {
		t.APIKey = key
	}
	if in.Browser != "" {
		t.Browser = in.Browser
	}
	if in.UserID != "" {
		t.UserID = in.UserID
		a.identity.fields[0].set(in.UserID)
		a.identity.kept[0] = in.UserID
	}
	if in.UserName != "" {
		t.UserName = in.UserName
		a.identity.fields[1].set(in.UserName)
		a.identity.kept[1] = in.UserName
	}
	if in.URL != "" {
		t.URL, t.Header = in.URL, in.Header
		a.s.pastedURL = in.URL
		t.Method, t.Data = in.Method, in.Body // the browser's own request, as it was
	}
	a.over = nil
	a.say(good, "rechecking with what you pasted")
	a.s.mint()
	return a.start()
}

// field draws what was pasted, signatures and secrets left out: a screen is easily shared.
func (p *paste) field(th *theme.Theme, w int) string {
	text := p.in.value()
	shown := tokens.RedactSecrets(tokens.RedactTokens(text))
	if shown == text {
		return p.in.view(th, w, true)
	}
	return cutMiddle(clean(shown), w-1) + th.Cursor.Paint(" ")
}

func (p *paste) view(s *session, r rect) []string {
	th := s.th
	out := []string{th.Accent.Paint(theme.Point+" ") + p.field(th, r.w-2), ""}
	if p.found == nil && p.busy && p.text != "" {
		return append(out, th.Accent.Paint(theme.Spinner[s.spin%len(theme.Spinner)])+th.Dim.Paint(cut(" looking at it and trying every known secret…", r.w-1)))
	}
	if p.found == nil {
		return append(out, paintEach(th.Dim, wrap("A token, a Bearer header, Stream's error (text or JSON), the WebSocket URL from the browser's "+
			"network panel (wss://…/connect?…), a request copied as cURL, or anything else. It isn't saved, except for the user ID and name.", r.w))...)
	}
	out = append(out, wrap(th.Bold.Paint(clean(p.found.Kind)), r.w)...)
	for _, l := range p.found.Lines {
		out = append(out, hang("  ", clean(l), r.w)...)
	}
	if takes := p.takes(); len(takes) > 0 {
		out = append(out, "")
		for i, t := range takes {
			lead := th.AccentBold.Paint("enter") + " recheck with "
			if i > 0 {
				lead = strings.Repeat(" ", 9) + "and with "
			}
			out = append(out, cut(lead+clean(t), r.w))
		}
	}
	return out
}
