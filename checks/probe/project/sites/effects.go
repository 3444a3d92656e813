package sites

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - what may write is taken for writing: a request that makes an account cannot be taken back
//   - writing the same once more changes nothing: an upsert or an update counts as a call
//   - Stream's own upsert of the user is what every token route does, and makes no account of the project's

// writers are methods that write to a database, or send something to a person.
var writers = names.Words("create", "createMany", "insert", "insertOne", "insertMany", "save", "bulkWrite",
	"add", "sendMail", "sendEmail", "send_mail", "createUser", "createUserWithEmailAndPassword", "signUp", "register", "findOrCreate", "appendFile", "appendFileSync", "writeFile", "writeFileSync", "push", "run", "publish", "createAccount")

// databaseWords are parts of what a database's methods are called on.
var databaseWords = []string{"prisma", "db", "database", "model", "user", "account", "collection", "repo", "repository", "mongo", "firestore", "supabase", "knex", "sequelize", "pool", "mail", "resend", "sgmail", "nodemailer", "fs", "redis", "member", "profile", "admin.auth", "client.users"}

// readEffects finds what a handler does besides making a token.
func readEffects(p *picture.Reader, e *picture.Entry, r reaching) {
	seen := map[picture.FnKey]bool{}
	var look func(f modules.FnRef, depth int)
	look = func(f modules.FnRef, depth int) {
		k := picture.FnKey{Mod: f.Mod, Own: 0}
		if f.Fn != nil {
			k.Own = f.Fn.Own
		}
		if depth == 0 || seen[k] || f.Fn == nil {
			return
		}
		seen[k] = true
		for _, list := range [][]jsread.Call{f.Mod.Calls, f.Mod.Others} {
			for i := range list {
				c := &list[i]
				if !jsread.Inside(&f.Mod.Module, c.Scope, f.Fn.Own) {
					continue
				}
				at := facts.Place{File: f.Mod.Rel, Line: c.Line}
				switch effectOf(c) {
				case "write":
					if len(e.Writes) < 20 {
						e.Writes = append(e.Writes, at)
					}
				case "call":
					if len(e.Calls) < 20 {
						e.Calls = append(e.Calls, at)
					}
				default:
					end := p.Ask()
					g, ok := p.CalledFunction(f.Mod, c.Scope, c.Expr(), 8)
					end()
					if ok {
						look(g, depth-1)
					}
				}
			}
		}
	}
	look(e.F, 4)
	for _, f := range r.via {
		look(f, 1)
	}
	if e.Kind == facts.EntryHTTP && LoginPath(e.Path) && (len(e.Writes) > 0 || hasPassword(e.Fields)) {
		e.Kind = facts.EntryLogin
	}
}

// effectOf tells what a call does to the world: write, call (of Stream or of a
// database, for reading), "" for nothing that is known.
func effectOf(c *jsread.Call) string {
	on, name := modules.Receiver(c.Callee)
	if c.On != nil {
		on = rootOf(*c.On) + "." + on
	}
	low := strings.ToLower(on)
	if len(c.Args) > 0 && inserts(c.Args[0]) {
		return "write"
	}
	switch name {
	case "upsertUser", "upsertUsers", "updateUsers", "updateUser", "partialUpdateUser", "getOrCreate", "queryUsers", "queryChannels", "addMembers":
		return "call"
	case "upsert", "updateOne", "updateMany", "findOneAndUpdate", "findByIdAndUpdate", "update", "findUnique", "findFirst", "findOne", "findById", "findMany", "findUniqueOrThrow", "query", "execute", "aggregate", "getDoc", "getDocs":
		if last := facts.LastName(low); on != "" && last != "req" && last != "request" && last != "ctx" && last != "c" {
			return "call"
		}
	}
	if c.New && affix.HasSuffix(name, "User") { // new User({…}).save()
		return ""
	}
	if !writers[name] {
		return ""
	}
	if affix.Contains(low, "channel") || affix.Contains(low, "stream") || affix.Contains(low, "serverclient") || affix.Contains(low, "chatclient") {
		return "call" // channel.create()
	}
	if name == "sendMail" || name == "sendEmail" || name == "createUser" || name == "createUserWithEmailAndPassword" || name == "signUp" || name == "createAccount" || name == "insertOne" || name == "insertMany" || name == "findOrCreate" {
		return "write"
	}
	if affix.HasPrefix(name, "appendFile") || affix.HasPrefix(name, "writeFile") {
		return "write"
	}
	for _, part := range strings.FieldsFunc(low, func(r rune) bool { return r == '.' || r == '(' || r == ')' || r == '_' }) {
		for _, w := range databaseWords {
			if (len(w) < 4 && part == w || len(w) >= 4 && affix.Contains(part, w)) && name != "run" {
				return "write"
			}
		}
	}
	return ""
}

// inserts tells a string of SQL that adds a row.
func inserts(e jsread.Expr) bool {
	if e.Kind == jsread.Template && len(e.Parts) > 0 {
		e = e.Parts[0]
	}
	return e.Kind == jsread.Literal && affix.HasPrefix(strings.ToLower(strings.TrimSpace(e.Text)), "insert ")
}

func LoginPath(path string) bool {
	low := strings.ToLower(path)
	for _, w := range []string{"login", "signin", "sign-in", "signup", "sign-up", "register", "log-in", "sign_in", "sign_up"} {
		if affix.Contains(low, w) {
			return true
		}
	}
	return false
}

func hasPassword(fields []string) bool {
	for _, f := range fields {
		if low := strings.ToLower(f); affix.Contains(low, "password") || affix.Contains(low, "pwd") || affix.Contains(low, "otp") || low == "pin" {
			return true
		}
	}
	return false
}
