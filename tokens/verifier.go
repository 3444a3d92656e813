package tokens

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
)

// Verifier checks for many tokens whether one secret, unchanged, signed them.
// The key is hashed once, which makes it the quick way through a long list;
// FindSigner is the thorough way. It is not safe for concurrent use.
type Verifier struct {
	mac hash.Hash
	sum []byte
	in  []byte
}

// NewVerifier makes a verifier. The zero Secret verifies nothing.
func NewVerifier(s Secret) *Verifier {
	if s.IsZero() {
		return &Verifier{}
	}
	return &Verifier{mac: hmac.New(sha256.New, s.bytes())}
}

// Signed reports whether the token's signature is the HMAC-SHA256 of its exact
// first two segments.
func (v *Verifier) Signed(t Token) bool {
	if v.mac == nil || len(t.Segments) != 3 || len(t.Signature) != sha256.Size {
		return false
	}
	v.mac.Reset()
	v.in = append(v.in[:0], t.Clean[:len(t.Segments[0])+1+len(t.Segments[1])]...)
	_, _ = v.mac.Write(v.in)
	v.sum = v.mac.Sum(v.sum[:0])
	return hmac.Equal(v.sum, t.Signature)
}
