package tokens

// This file is a scaffold: it fixes the signatures other rooms build against
// and is dissolved into mint.go, parse.go, predict.go, damage.go, signer.go.

import (
	"context"
	"time"
)

// Prediction is what Stream answers to a request.
type Prediction struct {
	Status  int    `json:"status"`  // HTTP status
	Code    int    `json:"code"`    // Stream's code, 0 for 200
	Message string `json:"message"` // Stream's own words
}

// World is what Stream knows when it judges a token.
type World struct {
	Now           time.Time
	Key           APIKey
	KeyKnown      bool
	Secret        Secret // the app's; the zero Secret means unknown to the caller
	SignatureGood bool   // used where Secret is zero: the caller's finding
	AuthDisabled  bool
	Suspended     bool
	RevokedBefore time.Time // zero: none
}

// Predict says what Stream answers to this exact text as Authorization.
func Predict(raw string, w World) Prediction { panic("scaffold") }

// Damage is one thing that happens to a secret between the dashboard and the HMAC.
type Damage struct {
	ID    string // "trailing-space", "base64-decoded", …
	Cause string // the cause id of the catalogue: secret-whitespace, secret-quoted …
	Says  string // "plus one trailing space"
}

// Candidate is a secret to try, by its place in the caller's list.
type Candidate struct {
	ID     int
	Secret Secret
	// Deep asks for the expensive damages too (typos of one and two characters); for the dashboard's secret.
	Deep bool
}

// Hit is a proof: the candidate, under these damages (none: as it stands), signed the token.
type Hit struct {
	Candidate int      `json:"candidate"`
	Damages   []string `json:"damages,omitempty"`   // Damage.ID, in the order applied
	Positions []int    `json:"positions,omitempty"` // for typos: the character positions (0-based) that differ
	Length    int      `json:"length"`              // bytes of the secret that really signed
	Signed    string   `json:"fingerprint"`         // its fingerprint
}

// Signer is the finding of FindSigner.
type Signer struct {
	Hits       []Hit  `json:"hits,omitempty"`      // best first: undamaged before damaged, fewer damages before more, list order
	Candidates int    `json:"candidates"`          // how many distinct secrets were tried
	Damages    int    `json:"damages"`             // how many damages of each
	Tried      int    `json:"tried"`               // HMACs computed
	Truncated  bool   `json:"truncated,omitempty"` // the signature is cut, but its beginning fits Hits[0]
	Encoding   string `json:"encoding,omitempty"`  // how the signature had to be read: base64url (""), base64, hex
}

// FindSigner finds which candidates signed these exact bytes.
func FindSigner(ctx context.Context, t Token, cs []Candidate) Signer { panic("scaffold") }

// DamageByID gives a row of the damage table.
func DamageByID(id string) (Damage, bool) { panic("scaffold") }

// Difference says how two secrets differ without saying what they are.
type Difference struct {
	Equal     bool     `json:"equal"`
	LenA      int      `json:"lenA"`
	LenB      int      `json:"lenB"`
	Damages   []string `json:"damages,omitempty"`   // b is a under these
	Positions []int    `json:"positions,omitempty"` // 0-based character positions that differ, where lengths agree
}

// Compare says how b differs from a.
func Compare(a, b Secret) Difference { panic("scaffold") }
