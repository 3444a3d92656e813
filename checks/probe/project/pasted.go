package project

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/sites"
)

// Rules of this file:
//   - a token that is written into a front end's source, or into an env file for it, is the one that its browser uses
//     where no code of the project answers with tokens: it is judged as if it had been passed with --token
//   - two of them, and one that is chosen among others, say nothing

// findPasted has the token that a front end holds judged.
func findPasted(p *picture.Reader) {
	if p.World.Target.Token != "" || len(p.Others) > 0 {
		return
	}
	for _, e := range p.Entries {
		if e.Kind != facts.EntryScript {
			return
		}
	}
	token, user, at := "", "", facts.Place{}
	for _, m := range p.SortedMods() {
		if m.Unused || m.Role == facts.RoleServer || files.RoleOfPath(m.Rel) != facts.RoleUnknown {
			continue
		}
		for _, c := range m.Calls {
			id, x, ok := connected(p, m, c)
			if !ok {
				continue
			}
			text, where := pastedText(p, modules.View{M: m, At: c.Scope, E: x})
			if !looksLikeToken(text) || token != "" && token != text {
				return
			}
			if token == "" {
				token, at = text, where
				if v := modules.Settle(p.Graph, modules.View{M: m, At: c.Scope, E: id}); v.E.Kind == jsread.Literal {
					user = v.E.Text
				}
			}
		}
	}
	if token != "" {
		p.World.Paste(token, user, at)
	}
}

// connected is the user's ID and the token that a call hands to Stream's client; ok is false for a call that connects no one.
func connected(p *picture.Reader, m *modules.Module, c jsread.Call) (id, token jsread.Expr, ok bool) {
	id, _ = connectedID(m, p, c)
	switch facts.LastName(c.Callee) {
	case "connectUser", "setUser":
		if len(c.Args) > 1 {
			return id, c.Args[1], true
		}
	case "init": // of Angular's service
		if len(c.Args) > 2 && modules.ImportsFrom(m, "ChatClientService", "stream-chat-angular") {
			user := sites.ObjectBehind(p, m, c.Scope, c.Args[1])
			for i, k := range user.Keys {
				if k == "id" {
					user = user.Parts[i]
					break
				}
			}
			return user, c.Args[2], true
		}
	case "useCreateChatClient", "StreamVideoClient", "getOrCreateInstance":
		if len(c.Args) > 0 {
			options := sites.ObjectBehind(p, m, c.Scope, c.Args[0])
			for i, k := range options.Keys {
				if k == "token" || k == "tokenOrProvider" || k == "tokenProvider" {
					return id, options.Parts[i], true
				}
			}
		}
	}
	return id, token, false
}

// pastedText is what is written where an expression leads: in the source, or in the one env file that sets a variable.
func pastedText(p *picture.Reader, v modules.View) (string, facts.Place) {
	v = modules.Settle(p.Graph, v)
	if f := jsread.FunctionOf(&v.M.Module, v.E.Fn); v.E.Kind == jsread.Func && f != nil && len(f.Returns) == 1 { // async () => token
		v = modules.Settle(p.Graph, modules.View{M: v.M, At: f.Own, E: f.Returns[0].Expr})
	}
	if v.E.Kind == jsread.Literal {
		return v.E.Text, v.Place()
	}
	text, at := "", facts.Place{}
	if ls := p.Leaves(v); len(ls) == 1 && ls[0].Kind == modules.LeafEnv {
		for _, e := range p.Envs {
			if raw, ok := e.Get(ls[0].Text); ok && e.Role != facts.RoleExample && e.Role != facts.RoleTest {
				if text != "" && text != string(raw) {
					return "", at
				}
				text = string(raw)
				for _, l := range e.Lines {
					if l.Name == ls[0].Text && !l.Commented {
						at = facts.Place{File: e.Rel, Line: l.Line}
					}
				}
			}
		}
	}
	return text, at
}

// looksLikeToken tells a JSON Web Token, whole or not, from a word that stands for one.
func looksLikeToken(text string) bool {
	return len(text) > 40 && strings.Contains(text, "eyJ") && strings.Contains(text, ".")
}
