package langread

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// writeCalls are methods that write to a database, or send something to a person.
var writeCalls = syntax.Set("save", "create", "insert", "insert_one", "insertOne", "InsertOne", "add", "Create", "Save", "create_user", "create_superuser", "createUser", "CreateUser", "store", "persist", "send_mail", "send", "Send", "sendMail", "insertGetId", "firstOrCreate",
	"get_or_create", "update_or_create", "CreateAsync", "AddAsync", "SaveChanges", "SaveChangesAsync", "deliver_now", "deliver_later", "create!", "save!", "find_or_create_by", "Exec", "bulk_create", "register", "commit", "forceCreate", "update", "updateOrCreate", "delete", "update_attributes", "update!", "Updates", "Delete")

// databaseWords are parts of what such a method is called on.
var databaseWords = []string{"db", "session", "objects", "serializer", "form", "user", "account", "model", "repo", "mail", "entitymanager", "em", "context", "collection", "database", "dao", "manager", "member", "profile"}

// streamCalls are calls of Stream's API that token routes make.
var streamCalls = syntax.Set("upsert_user", "upsert_users", "update_user", "update_users", "upsertUser", "upsertUsers", "UpsertUser", "UpsertUsers", "updateUser", "updateUsers", "UpdateUsers", "get_or_create", "GetOrCreate", "getOrCreate", "query_users", "QueryUsers", "queryUsers", "add_members", "AddMembers", "UpsertAsync", "UpsertManyAsync", "CreateChannel")

// effects are what a handler does besides making a token: what it writes, and
// which calls of Stream or a database it waits for.
func effects(pr *flow.Program, h *syntax.Fn) (writes, calls []flow.Place) {
	seen := map[*syntax.Fn]bool{}
	var look func(f *syntax.Fn, depth int)
	look = func(f *syntax.Fn, depth int) {
		if depth == 0 || seen[f] || f.Parent == nil && depth < 3 {
			return
		}
		seen[f] = true
		for _, c := range pr.All {
			if !c.Fn.Inside(f) || len(writes)+len(calls) > 24 {
				continue
			}
			name := c.N.X.Last()
			at := flow.Place{File: c.Fn.Unit.Path, Line: c.N.Line}
			on := strings.ToLower(loosePath(c.N.X))
			switch {
			case streamCalls[name] && clientOf(pr, c.N.X.X, flow.Frame{Fn: c.Fn}, 0) != nil:
				calls = append(calls, at)
			case writeCalls[name] && c.N.X.Kind == syntax.KMember && writesTo(on) && clientOf(pr, c.N.X.X, flow.Frame{Fn: c.Fn}, 0) == nil:
				writes = append(writes, at)
			case fileWrites[name], opensToWrite(c.N, name), len(c.N.Args) > 0 && inserts(c.N.Args[0].X):
				writes = append(writes, at)
			case name == "send_mail" || name == "mail" && pr.Lang == syntax.PHP:
				writes = append(writes, at)
			default:
				if fns := flow.Reachable(pr, c.N, flow.Frame{Fn: c.Fn}); len(fns) == 1 {
					look(fns[0], depth-1)
				}
			}
		}
	}
	look(h, 3)
	return writes, calls
}

// fileWrites are calls that write a file.
var fileWrites = syntax.Set("file_put_contents", "WriteFile", "AppendAllText", "AppendAllTextAsync", "AppendAllLines", "AppendAllLinesAsync", "WriteAllText", "WriteAllTextAsync", "write_text", "appendText", "writeText", "fputcsv")

// opensToWrite tells open("members.txt", "a") from reading a file.
func opensToWrite(n *syntax.Node, name string) bool {
	if name == "open" || name == "fopen" || name == "popen" {
		for i, a := range n.Args {
			if a.X != nil && a.X.Kind == syntax.KString && (i == 1 || a.Name == "mode") && affix.ContainsAny(a.X.Text, "awx+") {
				return true
			}
		}
	}
	if name == "OpenFile" && len(n.Args) > 1 && n.Args[1].X != nil {
		flags := ""
		for x := n.Args[1].X; x != nil; x = x.X { // os.O_APPEND|os.O_CREATE
			flags += x.Text
			if x.Y != nil {
				flags += x.Y.Text
			}
		}
		return affix.Contains(flags, "O_APPEND") || affix.Contains(flags, "O_WRONLY") || affix.Contains(flags, "O_RDWR")
	}
	return false
}

// inserts tells a string of SQL that adds a row.
func inserts(n *syntax.Node) bool {
	return n != nil && (n.Kind == syntax.KString || n.Kind == syntax.KTemplate) && affix.HasPrefix(strings.ToLower(strings.TrimSpace(n.Text)), "insert ")
}

// loosePath is the names of a callee, no matter what its calls are given.
func loosePath(n *syntax.Node) string {
	if n == nil {
		return ""
	}
	switch n.Kind {
	case syntax.KName:
		return n.Text
	case syntax.KMember:
		return loosePath(n.X) + "." + n.Text
	case syntax.KCall, syntax.KIndex:
		return loosePath(n.X)
	}
	return ""
}

func writesTo(path string) bool {
	path, _, _ = cutLast(path)
	for part := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '.' || r == '$' || r == '_' || r == '\\' }) {
		for _, w := range databaseWords {
			if part == w || len(w) > 3 && affix.Contains(part, w) {
				return true
			}
		}
	}
	return false
}

func cutLast(s string) (before, after string, ok bool) {
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}
