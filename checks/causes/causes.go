// Package causes holds everything that badsig knows about a cause before it
// looks at a project. Each cause is one page, ID.md: its front matter has the
// title, the severity, the group, the rank, the broken place, what the cause rests
// on and what it hides; its body is what `badsig explain` prints.
//
// To add a cause, write its page and run
//
//	go test ./checks/causes -update
//
// which writes the constant (ids.go), the README's list and pages.gz: the program holds
// the pages packed, because it is bounded to 16 MiB and they are mostly words.
package causes

import (
	"compress/gzip"
	_ "embed" // the pages
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"badsig/checks/affix"
)

// ID names a cause, and its page. An ID is never reused for another cause.
type ID string

// Severity is how bad a cause is.
type Severity string

// An error makes Stream (or the browser) reject the token; a warning doesn't.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Group is the part of the setup that a cause belongs to.
type Group string

// The groups, in the order in which they are listed.
const (
	Server      Group = "Server"
	Endpoint    Group = "Endpoint"
	TokenFormat Group = "Token format"
	Claims      Group = "Claims"
	APISecret   Group = "API secret"
	APIKey      Group = "API key"
	Stream      Group = "Stream"
)

var groups = []Group{Server, Endpoint, TokenFormat, Claims, APISecret, APIKey, Stream}

// Page is one cause.
type Page struct {
	ID       ID
	Title    string // the fault as a fact
	Severity Severity
	Group    Group

	// Rank orders causes by what to fix first: the lowest is the root cause. The
	// hundreds follow a request on its way: 1 reaching the server, 2 getting a
	// token from the endpoint, then what Stream checks in its order: 3 the key,
	// 4 the token's format and claim types, 5 the signature, 6 times, user and
	// what the browser kept. 9 is for warnings.
	Rank int

	// Hop is the broken place between browser and Stream: front, backend, stream,
	// front-backend or backend-stream.
	Hop string

	// Rests is what must be known before badsig calls this an error: "seen" for
	// what it saw itself, else parts of the front end's request (url, method,
	// session, body …).
	Rests []string

	// Hides are the causes that are only consequences of this one.
	Hides []ID

	Symptoms string
	Why      string
	Confirm  string // how badsig confirms it
	Fix      string
	Reported string // public threads
	Confused string // what looks like it but is something else

	Text string // the whole page as Markdown, headed by its title
}

//go:embed pages.gz
var packed string

// pages parses the pages once, when they are first needed.
var pages = sync.OnceValue(func() []Page { return ordered(unpacked()) })

// between parts the pages in pages.gz.
const between = "\x00"

// unpacked are the pages' files, in the order of their names.
func unpacked() []string {
	r, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		return nil
	}
	all, err := io.ReadAll(r)
	if err != nil {
		return nil
	}
	return strings.Split(string(all), between)
}

// ordered parses pages, and sorts them by group and rank.
func ordered(texts []string) []Page {
	list := make([]Page, 0, len(texts))
	for _, text := range texts {
		list = append(list, parse(text))
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := &list[i], &list[j]
		if a.Group != b.Group {
			return slices.Index(groups, a.Group) < slices.Index(groups, b.Group)
		}
		return a.Rank < b.Rank
	})
	return list
}

var byID = sync.OnceValue(func() map[ID]Page {
	m := make(map[ID]Page, len(pages()))
	for _, p := range pages() {
		m[p.ID] = p
	}
	return m
})

// Pages lists all causes by group, and within a group by rank.
//
//go:noinline
func Pages() []Page { return slices.Clone(pages()) }

// PageOf returns the page of one cause.
//
//go:noinline
func PageOf(id ID) (Page, bool) {
	p, ok := byID()[id]
	return p, ok
}

// parse reads a page: front matter of "name: value" lines between two lines of
// dashes, then sections under "## " headings.
func parse(text string) Page {
	_, text, _ = affix.Cut(text, "---\n")
	head, body, _ := affix.Cut(text, "\n---\n")
	var p Page
	for line := range strings.Lines(head) {
		name, value, _ := affix.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch name {
		case "id":
			p.ID = ID(value)
		case "title":
			p.Title = value
		case "severity":
			p.Severity = Severity(value)
		case "group":
			p.Group = Group(value)
		case "rank":
			p.Rank, _ = strconv.Atoi(value)
		case "hop":
			p.Hop = value
		case "rests":
			p.Rests = strings.Fields(value)
		case "hides":
			for id := range strings.FieldsSeq(value) {
				p.Hides = append(p.Hides, ID(id))
			}
		}
	}
	body = strings.TrimSpace(body)
	for section := range strings.SplitSeq("\n"+body, "\n## ") {
		heading, words, _ := affix.Cut(section, "\n")
		words = strings.TrimSpace(words)
		switch heading {
		case "Symptoms":
			p.Symptoms = words
		case "Why it happens":
			p.Why = words
		case "How badsig confirms it":
			p.Confirm = words
		case "How to fix it":
			p.Fix = words
		case "Reported in":
			p.Reported = words
		case "Don't confuse it with":
			p.Confused = words
		}
	}
	p.Text = "# " + p.Title + "\n\n`" + string(p.ID) + "` · " + string(p.Severity) + " · " + string(p.Group) + "\n\n" + body + "\n"
	return p
}
