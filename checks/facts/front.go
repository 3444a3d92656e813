package facts

import (
	"net/url"

	"badsig/checks/affix"
	"badsig/checks/loopback"
)

// Fetch is where the front end requests a token, as its source says it.
type Fetch struct {
	URL         string   `json:"url"` // absolute, or a path where it is same-origin
	Method      string   `json:"method"`
	File        string   `json:"file"` // of the call that the path is passed to
	Line        int      `json:"line"`
	Known       Known    `json:"known,omitempty"`       // of the URL: read, or assumed where a part of it was chosen or is not known
	Loose       bool     `json:"loose,omitempty"`       // its path may begin with more, which a function puts there that can't be run; all else is read
	Address     Place    `json:"address,omitzero"`      // the line that holds the host and port: a literal, an env file's, a proxy's target
	Path        Place    `json:"path,omitzero"`         // the line that holds the path
	Base        string   `json:"-"`                     // while the project is read: the part of the path that the line with the host holds
	MethodAt    Place    `json:"methodAt,omitzero"`     // the line that says the method, where an option does
	Alone       bool     `json:"alone,omitempty"`       // it goes to the page's own dev server, which hands nothing on
	Misnamed    Found    `json:"misnamed,omitzero"`     // where Unset is: the line that sets the server's address under a name that no code reads
	Unset       string   `json:"unset,omitempty"`       // the variable of its address that no file sets
	To          string   `json:"to,omitempty"`          // where the dev server's proxy sends it, absolute
	Credentials bool     `json:"credentials,omitempty"` // credentials: 'include'
	CredLine    Place    `json:"credLine,omitzero"`     // the line that says so
	Auth        bool     `json:"auth,omitempty"`        // it sends an Authorization header or a cookie
	Session     string   `json:"session,omitempty"`     // where that comes from: Clerk, Firebase, localStorage, a cookie …
	Headers     []string `json:"headers,omitempty"`     // names of the headers it sets, in small letters; "*" where others may be among them
	Body        []string `json:"body,omitempty"`        // names of the fields it sends, the query's too; user.id for one inside another
	Query       []string `json:"query,omitempty"`       // those of them that go into the query
	Whole       []string `json:"-"`                     // while the project is read: those of them that may be objects, as far as their source tells
	BodyOpen    bool     `json:"bodyOpen,omitempty"`    // it sends fields besides, or all of them, that the source does not tell
	Type        string   `json:"type,omitempty"`        // of the body as a browser sends it: json, urlencoded, multipart, text, object ("[object Object]"); "" where that is not known
	TypeAt      Place    `json:"typeAt,omitzero"`       // the line to change for another type
	Takes       string   `json:"takes,omitempty"`       // the one field that it uses of the response as token; "" where that is not known
	TakesEach   []string `json:"takesEach,omitempty"`   // the fields that several clients of Stream get of it, one each
	TakesPath   string   `json:"takesPath,omitempty"`   // where in the response that field is: data.token; "" where that is not known
	TakesAt     Place    `json:"takesAt,omitzero"`      // the line that takes that field
	Trims       bool     `json:"trims,omitempty"`       // it trims the token
	JSON        bool     `json:"json,omitempty"`        // it reads the response as one JSON document: r.json(), or a client that does
	TextAt      Place    `json:"textAt,omitzero"`       // the line that uses response.text() as the token, or as the document with the token in a field
	TextWhole   bool     `json:"textWhole,omitempty"`   // as the token
	ObjectAt    Place    `json:"objectAt,omitzero"`     // the line that takes the token of the response's own object, where only its document has it
	ObjectOf    string   `json:"objectOf,omitempty"`    // whose object that is: axios, fetch
	ObjectParts bool     `json:"objectParts,omitempty"` // as const { token } = …
	Proxied     bool     `json:"proxied,omitempty"`     // a dev-server proxy carries it
	Native      bool     `json:"native,omitempty"`      // an app on a phone makes it: no browser needs permission
	Web         bool     `json:"web,omitempty"`         // that app can be built for a browser too
	Product     string   `json:"product,omitempty"`     // chat, video or feeds, where the module says which client gets the token

	Action Place `json:"action,omitzero"` // of a call of a function that runs on the server: the function

	Fixed map[string]string   `json:"fixed,omitempty"` // the values of fields that it always sends
	IDs   map[string][]IDForm `json:"-"`               // while the project is read: how it has the IDs and names that it sends, by the fields
}

// FetchFor is the front end's own request of an endpoint: the one of just that
// address, else one of the same path. nil where the source has none.
func (p *Project) FetchFor(target string) *Fetch {
	to, err := url.Parse(target)
	if p == nil || err != nil {
		return nil
	}
	var best *Fetch
	score := 0
	for i := range p.Fetches {
		x := &p.Fetches[i]
		for _, text := range []string{x.URL, x.To} {
			u, err := url.Parse(text)
			if err != nil || text == "" {
				continue
			}
			n := 2
			if affix.TrimSuffix(u.Path, "/") != affix.TrimSuffix(to.Path, "/") {
				if u.Host != "" || x.Known.Sure() || len(u.Path) < 2 || !affix.HasSuffix(to.Path, u.Path) {
					continue
				}
				n = 1 // its base is not known, and its path is the end of the URL's
			}
			if u.Host == to.Host {
				n = 4
			} else if u.Port() == to.Port() && loopback.LocalHost(u.Hostname()) && loopback.LocalHost(to.Hostname()) {
				n = 3
			}
			if n > score {
				best, score = x, n
			}
		}
	}
	return best
}

// Names tells whether the request itself names the port of a URL, so that the
// line to change for another is its own.
func (x *Fetch) Names(target string) bool {
	to, err := url.Parse(target)
	if err != nil {
		return false
	}
	for _, text := range []string{x.URL, x.To} {
		if u, err := url.Parse(text); err == nil && u.Host != "" && u.Port() == to.Port() {
			return true
		}
	}
	return false
}
