package flow

import "badsig/checks/probe/langread/syntax"

// Route is a way by which a site is reached from outside.
type Route struct {
	Method string // upper case; ANY for all
	Path   string // with the prefixes that could be read
	File   string
	Line   int
	Sure   bool // the whole path was read
	Fields []string
	Query  []string
	Guards []Guard
	Writes []Place // a user that is made, a mail that is sent …
	Calls  []Place // of Stream or a database
	Reply  Place   // where it responds with the token

	Answer   []string // the fields of what it responds with, data.token for one inside another
	Gives    []Gift   // those of them that hold the token
	GivesAll bool     // there are no other fields

	HandlerOf   *syntax.Fn
	HandlerFile string
	HandlerLine int
}

// Handler is where the function is that responds.
func (r *Route) Handler() (file string, line int) { return r.HandlerFile, r.HandlerLine }

// Gift is a field of a response that holds the token.
type Gift struct {
	Field   string // "" where the response is the token
	How, As string // what is done to the token: prefix, slice, json
	Place
}
