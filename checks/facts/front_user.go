package facts

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"badsig/checks/affix"
)

// OtherID is a request for the token of one ID, and a page that connects as another.
type OtherID struct {
	Place        // of the request
	Field string `json:"field"` // of the request
	Sent  IDForm `json:"sent"`
	As    IDForm `json:"as"`
}

// IDForm is how a page has a user's ID: of which variable, and what it puts around it.
type IDForm struct {
	Of     string `json:"of"`             // the variable's function, or the parameter
	Name   string `json:"name,omitempty"` // the variable's path, or the parameter's member
	Says   string `json:"says,omitempty"` // as the page writes it
	Pre    string `json:"pre,omitempty"`
	Post   string `json:"post,omitempty"`
	Inline bool   `json:"inline,omitempty"` // what is around it is written where it is used
	Lone   bool   `json:"-"`                // while the project is read: no other line of the project has its Text
	Place

	Text string     `json:"-"` // while the project is read: the ID, where the source has it
	Flow string     `json:"-"` // while the project is read: the outermost function that uses it
	_    [6]uintptr // its size: copies of 192 bytes and more are made by a loop, smaller ones by code at each place
}

// Words shows the ID as code would write it: 'u-' + user.id.
func (x IDForm) Words() string {
	out := x.Says
	if x.Pre != "" {
		out = "'" + x.Pre + "' + " + out
	}
	if x.Post != "" {
		out += " + '" + x.Post + "'"
	}
	return out
}

func (x IDForm) plain() bool { return x.Pre+x.Post == "" }

// is tells the same ID.
func (x IDForm) is(y IDForm) bool {
	return x.Of != "" && x.Of == y.Of && x.Name == y.Name && x.Pre == y.Pre && x.Post == y.Post || x.Text != "" && x.Text == y.Text && x.Flow == y.Flow
}

// differs tells another ID than that of the same variable, the name or email beside it, or another text in the same function.
func (x IDForm) differs(y IDForm) bool {
	switch {
	case x.Text != "" && y.Text != "":
		return x.Flow == y.Flow && x.Text != y.Text
	case x.Lone && y.Text == "" && y.Of != "" || y.Lone && x.Text == "" && x.Of != "": // one that is written out, and a variable that doesn't get it
		return x.Flow == y.Flow
	case x.beside(y):
		return EndsInID(x.Says) && Naming(y.Says) || Naming(x.Says) && EndsInID(y.Says)
	case x.Of != y.Of && x.Of != "" && y.Of != "" && x.Flow == y.Flow: // profile.full_name, user.id
		return x.plain() && y.plain() && (EndsInID(x.Name) && personal(LastName(y.Name)) || personal(LastName(x.Name)) && EndsInID(y.Name))
	case x.Of != y.Of || x.Of == "":
		return false
	case x.Name == y.Name:
		return !x.is(y)
	}
	return x.plain() && y.plain() && affix.TrimSuffix(x.Name, LastName(x.Name)) == affix.TrimSuffix(y.Name, LastName(y.Name)) && (EndsInID(x.Name) && Naming(y.Name) || Naming(x.Name) && EndsInID(y.Name))
}

// beside tells two whole parameters of one function.
func (x IDForm) beside(y IDForm) bool {
	a, b := strings.LastIndexByte(x.Of, ':'), strings.LastIndexByte(y.Of, ':')
	return a > 0 && a == b && x.Of != y.Of && x.Of[:a] == y.Of[:b] && x.Name+y.Name == "" && x.plain() && y.plain()
}

// EndsInID reports a path to an ID: userId, user_id, user.id.
func EndsInID(path string) bool { return affix.HasSuffix(strings.ToLower(path), "id") }

// Naming reports a path to a user's name or email.
//
//go:noinline
func Naming(path string) bool { return OneOf(NameNames, LastName(path)) || personal(LastName(path)) }

// personal reports a field that no one uses as an ID of its own: an email, a full name.
func personal(field string) bool {
	return affix.HasPrefix(field, "email") || OneOf([]string{"fullName", "firstName", "lastName", "full_name", "first_name", "last_name", "display_name"}, field)
}

// OtherKey reports a field with the ID that another service has for a user, beside the database's own.
func OtherKey(path string) bool {
	return OneOf([]string{"clerkId", "clerk_id", "googleId", "firebaseUid", "firebaseId", "auth0Id", "supabaseId"}, LastName(path))
}

// Sends reports that the request's side is the one to change: it has the name, or what it puts around the ID in place.
func (d OtherID) Sends() bool {
	switch {
	case d.Sent.Text == "" && d.As.Lone, d.Sent.Lone && d.As.Text == "":
		return d.Sent.Text != ""
	case d.Sent.beside(d.As):
		return Naming(d.Sent.Says)
	}
	if d.Sent.Name != d.As.Name {
		return d.Sent.Text == "" && Naming(d.Sent.Name)
	}
	return d.Sent.plain() && !d.As.Inline || !d.Sent.plain() && d.Sent.Inline
}

// SendsID notes how the page has an ID that it sends.
func (x *Fetch) SendsID(field string, f IDForm) {
	if x.IDs == nil {
		x.IDs = map[string][]IDForm{}
	}
	x.IDs[field] = append(x.IDs[field], f)
}

// SentAs is the field under which OtherID has what an entry signs.
func (e *Entry) SentAs() string {
	if i := strings.LastIndex(e.Path, e.User.Name); i > 0 && strings.IndexByte(":[", e.Path[i-1]) >= 0 {
		return "/" + strconv.Itoa(strings.Count(e.Path[i:], "/"))
	}
	return e.User.Name
}

// FindOtherIDs compares what requests send with what pages connect as.
func (p *Project) FindOtherIDs() {
	as := p.IDs
	for _, c := range p.Calls {
		as = append(as, c.ID)
	}
	for _, x := range slices.Concat(p.Fetches, p.Handed) {
		for field, all := range x.IDs {
			for _, sent := range all {
				if affix.Any(as, func(id IDForm) bool { return id.is(sent) }) {
					continue
				}
				for _, id := range as {
					if id.differs(sent) && !((id.Text == "") != (sent.Text == "") && (p.requestsFor(id) || affix.Any(all, func(x IDForm) bool { return x.Text != "" && sent.Text == "" }))) {
						p.OtherIDs = append(p.OtherIDs, OtherID{Place{x.File, x.Line}, field, sent, id})
					}
				}
			}
		}
	}
	sort.SliceStable(p.OtherIDs, func(i, j int) bool { return p.OtherIDs[i].Field < p.OtherIDs[j].Field }) // a map has no order
}

// requestsFor reports a request that is made for an ID.
func (p *Project) requestsFor(id IDForm) bool {
	return affix.Any(slices.Concat(p.Fetches, p.Handed), func(x Fetch) bool {
		for _, all := range x.IDs {
			if affix.Any(all, id.is) {
				return true
			}
		}
		return false
	})
}

// HandedTo runs f on each call of a function that runs on the server.
func (p *Project) HandedTo(f func(*Fetch, *Entry)) {
	for i := range p.Handed {
		for k := range p.Entries {
			if e := &p.Entries[k]; e.Place == p.Handed[i].Action && e.Server >= 0 && e.Known.Sure() {
				f(&p.Handed[i], e)
			}
		}
	}
}

// Passed is what a front end makes of the token before Stream's client gets it.
type Passed struct {
	How    string     `json:"how"`          // prefix, suffix, json, slice, promise, document, text, response, unread, object, dev, unset, forgotten
	As     string     `json:"as,omitempty"` // the text around it, the call that cuts or isn't awaited, the field that isn't read
	Of     string     `json:"of,omitempty"` // the variable that holds the whole, or what gave the response: fetch, axios
	Place             // of the step that does it
	Callee string     `json:"callee"` // what gets it
	Client Place      `json:"client"`
	From   []Place    `json:"from,omitempty"`  // the request, and the calls of the functions around it
	Takes  string     `json:"takes,omitempty"` // the path of the field in its response; "" for all of it
	Out    Place      `json:"-"`               // while the project is read: the line of the function that hands out what holds the token
	_      [2]uintptr // its size: copies of 192 bytes and more are made by a loop, smaller ones by code at each place
}
