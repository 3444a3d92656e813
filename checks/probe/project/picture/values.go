package picture

import (
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// PlacedName is a variable that code gives in the place of the other of key and secret.
type PlacedName struct{ Name, What string }

// Use is one place where code puts a key or a secret to use.
type Use struct {
	Mod     *modules.Module
	Line    int
	What    string // key, secret
	How     string // the callee
	Fn      string
	Scope   jsread.Scope
	Leaves  []modules.Leaf
	Ids     []int // of each leaf: the Value of a literal, -1 for others
	Score   int
	UserID  bool // the payload of a signing call names user_id
	Hmac    bool
	Server  bool // its call accepts a secret too, in a package whose pages a server may render
	Foreign bool // a JWT library's call whose payload is not Stream's
}
