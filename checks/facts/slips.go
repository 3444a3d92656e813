package facts

// Slip is a line of a server's source because of which it makes no token, or one without its user.
type Slip struct {
	Kind string `json:"kind"`           // what rules/slips says of it
	Got  string `json:"got,omitempty"`  // what is written there
	Want string `json:"want,omitempty"` // what belongs there
	Site int    `json:"site"`           // index into Project.Sites
	Way  Place  `json:"way,omitzero"`   // the handler, of what only a request to it shows
	Place
}

// Kinds of slips.
const (
	SlipNoSecret = "no-secret" // Stream's client is made without the secret
	SlipNoReturn = "no-return" // the function around the signing call doesn't give the token back
	SlipNeedsMap = "needs-map" // generateUserToken(id) for generateUserToken({ user_id: id })
	SlipLate     = "late"      // express.json() after the routes
	SlipObjectID = "object-id" // the _id of a document of MongoDB's, as it is
	SlipDocument = "document"  // all of a document
	SlipRequires = "requires"  // if (!name) return res.status(400)
)
