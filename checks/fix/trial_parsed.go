package fix

import (
	"maps"
	"path"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/fix/edits"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/langread/flow"
)

// stillParsed reports whether a file is as well understood after the edits as before.
func (b *bench) stillParsed(c edits.Change, id causes.ID) bool {
	if _, err := confread.Read(c.File, c.After); err != nil && path.Ext(c.File) != "" {
		if _, was := confread.Read(c.File, c.Before); was == nil {
			return false // it was YAML, TOML or JSON
		}
	}
	if c.New || !facts.OneOf(facts.JsEndings, path.Ext(c.File)) && path.Ext(c.File) != ".astro" {
		return c.New || !flow.Worse(c.File, c.Before, c.After)
	}
	was, is := jsread.Read(c.File, c.Before), jsread.Read(c.File, c.After)
	kept := calls(is)
	for name, n := range calls(was) {
		if kept[name] < n && !(id == causes.TokenMissing && facts.OneOf([]string{"status", "end", "write"}, name)) { // there, the proof needs the response
			return false
		}
	}
	return (is.Strict || !was.Strict && maps.Equal(brackets(c.Before), brackets(c.After))) && b.exports(c.File, was, is)
}

// exports reports whether a module still exports what another one may import.
func (b *bench) exports(file string, was, is jsread.Module) bool {
	for name := range was.Exports {
		if _, there := is.Exports[name]; !there && (name == "default" || b.view.Elsewhere(name, file)) {
			return false
		}
	}
	return true
}

// lasting are the calls that an edit may change and never remove: they respond to a
// request, make a token, or make the server what it is.
var lasting = []string{"json", "send", "end", "write", "status", "render", "use", "listen", "route", "register",
	"sign", "createToken", "createUserToken", "generateUserToken", "connectUser", "fetch", "config"}

var (
	methods = []string{"get", "post", "put", "all"}
	clients = []string{"getInstance", "StreamChat", "StreamClient", "StreamVideoClient"}
)

// calls counts those calls of a module.
func calls(m jsread.Module) map[string]int {
	n := map[string]int{}
	for _, c := range slices.Concat(m.Calls, m.Others) {
		name := c.Callee[strings.LastIndexByte(c.Callee, '.')+1:]
		switch {
		case facts.OneOf(methods, name):
			n["a route"]++ // of any method
		case facts.OneOf(clients, name):
			n["a client"]++
		case facts.OneOf(lasting, name):
			n[name]++
		}
	}
	return n
}

// brackets is by how much each kind of bracket opens more often than it closes.
func brackets(src []byte) map[string]int {
	n := map[string]int{"()": 0, "[]": 0, "{}": 0}
	for _, c := range src {
		switch c {
		case '(':
			n["()"]++
		case ')':
			n["()"]--
		case '[':
			n["[]"]++
		case ']':
			n["[]"]--
		case '{':
			n["{}"]++
		case '}':
			n["{}"]--
		}
	}
	return n
}
