// Package demo makes every cause that badsig knows happen, to show and to test
// it: a project on disk, its backend as a separate process, and a fake Stream,
// all on loopback. There is one row per bug, and the diagnosis doesn't know that
// it looks at a demo.
package demo

import (
	"net/http"
	"time"

	"badsig/checks/causes"
	"badsig/checks/fakestream"
)

// Rules of this package:
//   - a row changes the working project, or what its backend does, and nothing else
//   - source and behavior match: if the backend does something strange, the
//     project's JavaScript says so, as it would in a real project
//   - the backend reads its secret like the project's own server would, from its
//     .env file and its environment; it's passed one only if the bug is a secret
//     that isn't in the project
//   - every key and secret is made up anew at each start

// Default is the bug that demo shows by default.
const Default = causes.SecretWhitespace

// row is one bug.
type row struct {
	id   causes.ID
	says string       // what is wrong, one sentence
	plan func(*setup) // what is different about the project, the fake Stream and the target; nil for nothing

	// What is different about the backend; nil and zero for nothing.
	answer func(*backend, http.ResponseWriter, *http.Request) bool // responds to the request itself
	header func(http.Header)                                       // of every response
	secret func([]byte) []byte                                     // what the code does to the secret
	claims func(c *claims, user string, now time.Time)
	token  func(token string) string // what happens to a signed token
	body   func(token, user string) any
	varies bool // every second token is signed with a new secret
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

	key, secret   string // the app's pair, in the files, the fake Stream and, with pair, the target
	key2, secret2 string // the pair of another app of the same organization

	port  int      // the port that the front end uses
	addrs []string // where the backend listens; empty: it isn't started
	dir   string   // the backend's working folder in the project; "" is server
	away  bool     // its working folder is outside the project
	env   []string // NAME=value, added to a minimal environment
	told  string   // a secret that is passed to the backend and is in no file

	pair     bool // the target has the dashboard's pair
	apps     map[string]fakestream.App
	silent   bool // the fake Stream isn't started
	track    bool // the project is a git repository that tracks every file
	url      string
	token    string
	userID   string
	timeout  time.Duration
	offline  bool
	needIPv6 bool
}
