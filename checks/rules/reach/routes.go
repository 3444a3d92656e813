package reach

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/rules/meet"
)

// Meant reports that a request can only mean an entry, though their paths have no word in common: none of the front end's
// requests reaches a way to a token, the entry hands out the field that the page takes, and the page has to do with Stream.
func Meant(f *facts.Facts, m meet.Meeting, e *facts.Entry) bool {
	x := m.Fetch
	if x.Product == "" || x.Takes == "" || f.Project.Servers[m.Server].Open || len(f.Project.Unread) > 0 || Unconnected(f) == "" {
		return false
	}
	for i := range e.Gives {
		if facts.LastName(e.Gives[i].Field) == facts.LastName(x.Takes) {
			return true
		}
	}
	return false
}

// Unconnected is a page's request for Stream's token that reaches none of the ways to a token that the project has, as far
// as they were read: which one it means isn't known. It is "" where any of the front end's requests reaches one.
func Unconnected(f *facts.Facts) string {
	if f.Project == nil || f.Target.URLSource == "flag" || f.Target.Given || len(f.Project.Handed) > 0 || len(f.Project.Entries) == 0 {
		return ""
	}
	out := ""
	for i := range f.Project.Fetches {
		x := &f.Project.Fetches[i]
		if out == "" && x.Product != "" && affix.Contains(strings.ToLower(x.Takes), "token") {
			out = "which route the request at " + facts.At(x.File, x.Line) + " reaches wasn't found: name the URL that the browser requests with --url"
		}
		for k := range f.Project.Entries {
			if e := &f.Project.Entries[k]; e.Kind != facts.EntryHTTP && e.Kind != facts.EntryLogin || facts.PathFits(e.Path, facts.PathOf(facts.First(x.To, x.URL))) {
				return ""
			}
		}
	}
	return out
}
