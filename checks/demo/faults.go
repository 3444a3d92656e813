// Package demo makes the faults of badsig's catalogue happen, so that they
// can be shown and tested: a project on disk, its backend as a process of its
// own, and a stand-in for Stream, all on loopback. One row a fault, and nothing
// of the diagnosis knows that it looks at a demonstration.
package demo

import (
	"net/http"
	"time"

	"badsig/checks/causes"
	"badsig/checks/fakestream"
)

// Rules of this package:
//   - a row changes the healthy project, or what its backend does, and nothing else
//   - source and behaviour agree: where the backend does something strange, the
//     planted JavaScript says so, as it would in a real project
//   - the backend reads its secret as the project's own server would, from its
//     .env file and its environment; it is told none, except where the row's
//     point is a secret that stands nowhere in the project
//   - every key and secret is invented anew at each start

// Default is the fault that demo shows where none is named.
const Default = causes.SecretWhitespace

// row is one fault.
type row struct {
	id   causes.ID
	says string       // what was planted, one sentence
	plan func(*setup) // what is different about the project, the stand-in and the target; nil for nothing

	// What is different about the backend; nil and zero for nothing.
	answer func(*backend, http.ResponseWriter, *http.Request) bool // answers the request itself
	header func(http.Header)                                       // of every answer
	secret func([]byte) []byte                                     // what the code does to the secret
	claims func(c *claims, user string, now time.Time)
	token  func(token string) string // what becomes of a signed token
	body   func(token, user string) any
	varies bool // every second token is signed with a secret of the moment
	ahead  time.Duration
	alg    string
}

// rows is every bug.
func rows() []row {
	var all []row
	for _, group := range [][]row{serverRows, endpointRows, tokenRows, claimRows, secretRows, keyRows, streamRows} {
		all = append(all, group...)
	}
	return all
}

func rowOf(id causes.ID) (row, bool) {
	for _, r := range rows() {
		if r.id == id {
			return r, true
		}
	}
	return row{}, false
}

// List returns every bug that the demo has, in the order of the pages.
func List() []causes.ID {
	var ids []causes.ID
	for _, p := range causes.Pages() {
		if _, ok := rowOf(p.ID); ok {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// setup is what a row's plan may change before anything starts.
type setup struct {
	files map[string]string // by slash path
	later map[string]string // written after the backend has started

	key, secret   string // the app's pair: files, stand-in and, with pair, target have it
	key2, secret2 string // that of another app of the same organisation

	port  int      // where the front end asks
	addrs []string // where the backend listens; empty: it is not started
	dir   string   // the backend's working folder in the project; "" is server
	away  bool     // its working folder is outside the project
	env   []string // NAME=value beside a bare environment
	told  string   // a secret that the backend is told, and that stands nowhere

	pair     bool // the target has the dashboard's pair
	apps     map[string]fakestream.App
	silent   bool // the stand-in is not started
	track    bool // the project is a git repository that tracks every file
	url      string
	token    string
	userID   string
	timeout  time.Duration
	offline  bool
	needIPv6 bool
}
