package picture

import (
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Site is a place that makes a user token, while it is being read.
type Site struct {
	Mod      *modules.Module
	Call     *jsread.Call
	How      string
	Payload  modules.View // of a signing call of a JWT library, where it is written
	Options  modules.View
	User     modules.View // the user's ID
	Secret   modules.View
	SecretAt int  // the line of the call that receives it
	Stream   bool // Stream's own client makes it
	Shared   bool // a JWT that is Stream's only by what it is signed with: Stream's client is made with it too
	Use      *Use // its secret, as the code reads it
	KeyUse   *Use
	Fact     int
	Runs     bool
	SDK      bool // the client is @stream-io/node-sdk's
}

// View is an expression beside the call.
func (s *Site) View(e jsread.Expr) modules.View {
	return modules.View{M: s.Mod, At: s.Call.Scope, E: e}
}

// Entry is a way to a site, while it is being read.
type Entry struct {
	facts.Entry
	F        modules.FnRef
	ServerOf *Server
	Style    string         // how the handler gets its request: express, koa, web, event, nest, trpc, graphql, callable, action
	GuardsOf []modules.View // middlewares that run before the handler
	Key      modules.View   // what it responds with as the API key
	Tells    []Told         // fields of the response beside the token
	Signed   modules.View   // the user's ID as the handler has it
}

// Told is a field of a response, and what it holds.
type Told struct {
	Field string
	V     modules.View
}

// Weight orders entries: what can be requested first.
func (e *Entry) Weight() int {
	n := map[string]int{facts.EntryHTTP: 60, facts.EntryLogin: 50, facts.EntryAction: 40, facts.EntryTRPC: 38, facts.EntryGraphQL: 36, facts.EntryCallable: 34, facts.EntryLoader: 30, facts.EntryScript: 5}[e.Kind]
	if e.Known == facts.IsAssumed {
		n -= 10
	}
	if e.Kind == facts.EntryHTTP {
		n += max(0, min(9, RouteScore(facts.Route{Method: e.Method, Path: e.Path})))
	}
	return n
}

// Handed is a function that is in the arguments of a call, or in an object.
type Handed struct {
	Mod  *modules.Module
	Call *jsread.Call // nil for an object of the module
	Arg  int          // which argument
	Keys []string     // the object fields that lead to it: Query.token
	Name string       // of the constant or export, where it is an object of the module
	In   []string     // the calls that wrap it: requireAuth(fn)
	E    jsread.Expr  // the function, or the name of one
	Row  jsread.Expr  // the innermost object that it is in: { method, path, handler }
	At   jsread.Scope
}

type FnKey struct {
	Mod *modules.Module
	Own jsread.Scope
}

// Handovers knows where functions are called and handed over.
type Handovers struct {
	Literal map[FnKey][]Handed          // functions written in place
	Named   map[string][]Handed         // by the last part of the name
	Calls   map[string][]modules.CallAt // by the last part of the callee
	Seen    int

	Names   map[FnKey][]string // what was found of a function once
	Callers map[FnKey][]modules.CallAt
	Given   map[FnKey][]Handed
	Locals  map[string][]string // file and exported name → what importing modules call it
	Reached int                 // functions that were looked at for all sites
}
