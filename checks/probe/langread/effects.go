package langread

import "strings"

// writeCalls are methods that write to a database, or send something to a person.
var writeCalls = set("save", "create", "insert", "insert_one", "insertOne", "InsertOne", "add", "Create", "Save", "create_user", "create_superuser", "createUser", "CreateUser", "store", "persist", "send_mail", "send", "Send", "sendMail", "insertGetId", "firstOrCreate",
	"get_or_create", "update_or_create", "CreateAsync", "AddAsync", "SaveChanges", "SaveChangesAsync", "deliver_now", "deliver_later", "create!", "save!", "find_or_create_by", "Exec", "bulk_create", "register", "commit", "forceCreate", "update", "updateOrCreate", "delete", "update_attributes", "update!", "Updates", "Delete")

// databaseWords are parts of what such a method is called on.
var databaseWords = []string{"db", "session", "objects", "serializer", "form", "user", "account", "model", "repo", "mail", "entitymanager", "em", "context", "collection", "database", "dao", "manager", "member", "profile"}

// streamCalls are calls of Stream's API that token routes make.
var streamCalls = set("upsert_user", "upsert_users", "update_user", "update_users", "upsertUser", "upsertUsers", "UpsertUser", "UpsertUsers", "updateUser", "updateUsers", "UpdateUsers", "get_or_create", "GetOrCreate", "getOrCreate", "query_users", "QueryUsers", "queryUsers", "add_members", "AddMembers", "UpsertAsync", "UpsertManyAsync", "CreateChannel")

// effects are what a handler does besides making a token: what it writes, and
// which calls of Stream or a database it waits for.
func (pr *program) effects(h *fn) (writes, calls []Place) {
	seen := map[*fn]bool{}
	var look func(f *fn, depth int)
	look = func(f *fn, depth int) {
		if depth == 0 || seen[f] || f.parent == nil && depth < 3 {
			return
		}
		seen[f] = true
		for _, c := range pr.all {
			if !c.fn.inside(f) || len(writes)+len(calls) > 24 {
				continue
			}
			name := c.n.x.last()
			at := Place{c.fn.unit.Path, c.n.line}
			on := strings.ToLower(loosePath(c.n.x))
			switch {
			case streamCalls[name] && pr.clientOf(c.n.x.x, frame{fn: c.fn}, 0) != nil:
				calls = append(calls, at)
			case writeCalls[name] && c.n.x.kind == kMember && writesTo(on) && pr.clientOf(c.n.x.x, frame{fn: c.fn}, 0) == nil:
				writes = append(writes, at)
			case name == "send_mail" || name == "mail" && pr.lang == PHP:
				writes = append(writes, at)
			default:
				if fns := pr.reachable(c.n, frame{fn: c.fn}); len(fns) == 1 {
					look(fns[0], depth-1)
				}
			}
		}
	}
	look(h, 3)
	return writes, calls
}

// loosePath is the names of a callee, whatever its calls are given.
func loosePath(n *node) string {
	if n == nil {
		return ""
	}
	switch n.kind {
	case kName:
		return n.text
	case kMember:
		return loosePath(n.x) + "." + n.text
	case kCall, kIndex:
		return loosePath(n.x)
	}
	return ""
}

func writesTo(path string) bool {
	path, _, _ = cutLast(path)
	for part := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '.' || r == '$' || r == '_' || r == '\\' }) {
		for _, w := range databaseWords {
			if part == w || len(w) > 3 && strings.Contains(part, w) {
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
