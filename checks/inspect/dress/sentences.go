package dress

import (
	"badsig/checks/affix"
	"badsig/checks/inspect/plain"
	"badsig/tokens"
)

// Kinds of Stream's errors that only inspect tells apart; the others are package tokens'.
const (
	ErrUserType   = "user-id-type" // the claim's JSON type
	ErrClaimType  = "claim-type"
	ErrDevToken   = "development-token"
	ErrAnonymous  = "anonymous-token"
	ErrPermission = "permission"
	ErrNotFound   = "not-found"
	ErrDeleted    = "user-deleted"
	ErrInput      = "input"
	ErrLimited    = "rate-limit"
	ErrRegion     = "region"
	ErrInternal   = "internal"
	ErrAuth       = "authentication" // code 5 in words that aren't known
	ErrOther      = "other"
)

// sentence is one of Stream's strings. Where own is false, other services and
// libraries write the same words, and something else has to say that it is Stream's.
type sentence struct {
	words string // as Stream writes it
	kind  string
	own   bool
	word  string // squeezed
}

// sentences of one kind follow each other; the more special one comes first.
var sentences = prepared([]sentence{
	{words: "signature is not valid. Make sure the token is created using the secret for API key", kind: tokens.ErrSignature, own: true},
	{words: "JWTAuth error: signature is not valid", kind: tokens.ErrSignature, own: true},
	{words: "AuthErrorTokenSignatureInvalid", kind: tokens.ErrSignature, own: true},
	{words: "Token signature is invalid", kind: tokens.ErrSignature},
	{words: "signature is not valid", kind: tokens.ErrSignature},
	{words: "signature is invalid", kind: tokens.ErrSignature},
	{words: "Bad signature", kind: tokens.ErrSignature},

	{words: "StreamJWTClaims.user_id of type string", kind: ErrUserType, own: true},
	{words: "StreamJWTClaims.StandardClaims.user_id of type string", kind: ErrUserType, own: true},
	{words: "StreamJWTClaims", kind: ErrClaimType, own: true},
	{words: "anon auth token must have user_id claim equal to", kind: ErrAnonymous, own: true},
	{words: "development tokens are not allowed for this application", kind: ErrDevToken, own: true},
	{words: "token contains an invalid number of segments", kind: tokens.ErrMalformed},
	{words: "illegal base64 data at input byte", kind: tokens.ErrMalformed},
	{words: "tokenstring should not contain 'bearer '", kind: tokens.ErrMalformed},
	{words: "signing method (alg) is", kind: tokens.ErrMalformed},
	{words: "'none' signature type is not allowed", kind: tokens.ErrMalformed},

	{words: "JWTAuth error: token is expired", kind: tokens.ErrExpired, own: true},
	{words: "token is expired (exp)", kind: tokens.ErrExpired, own: true},
	{words: "AuthErrorTokenExpired", kind: tokens.ErrExpired, own: true},
	{words: "token is expired", kind: tokens.ErrExpired},
	{words: "This token has been revoked, please generate a new token", kind: tokens.ErrRevoked, own: true},
	{words: "token has been revoked", kind: tokens.ErrRevoked},
	{words: "token used before issue at (iat)", kind: tokens.ErrBeforeIssued, own: true},
	{words: "JWTAuth error: token used before issue", kind: tokens.ErrBeforeIssued, own: true},
	{words: "AuthErrorTokenUsedBeforeIssuedAt", kind: tokens.ErrBeforeIssued, own: true},
	{words: "token used before issue", kind: tokens.ErrBeforeIssued},
	{words: "token not valid yet (nbf)", kind: tokens.ErrNotYet, own: true},
	{words: "JWTAuth error: token not valid yet", kind: tokens.ErrNotYet, own: true},
	{words: "JWTAuth error: token is not valid yet", kind: tokens.ErrNotYet, own: true},
	{words: "AuthErrorTokenNotValidYet", kind: tokens.ErrNotYet, own: true},
	{words: "token is not valid yet", kind: tokens.ErrNotYet},

	{words: "stream-auth-type missing or invalid", kind: tokens.ErrAuthType, own: true},
	{words: "url signature missing or invalid", kind: tokens.ErrAuthType, own: true},
	{words: `failed with error: "token missing`, kind: tokens.ErrAuthType, own: true},
	{words: "Missing auth header", kind: tokens.ErrAuthType},

	{words: "api_key not valid", kind: tokens.ErrKey, own: true},
	{words: "api_key is invalid", kind: tokens.ErrKey, own: true},
	{words: "api_key not provided", kind: tokens.ErrKey, own: true},
	{words: "api_key not found", kind: tokens.ErrKey, own: true},
	{words: "Api key is not found, verify it if it's correct or was created", kind: tokens.ErrKey, own: true},
	{words: "AccessKeyError", kind: tokens.ErrKey},
	{words: "is not enabled for organization with id", kind: tokens.ErrDisabled, own: true},
	{words: "AppSuspendedError", kind: tokens.ErrSuspended, own: true},
	{words: "app is suspended", kind: tokens.ErrSuspended},
	{words: "ErrWrongRegion", kind: ErrRegion, own: true},

	{words: leadWords, kind: tokens.ErrMalformed, own: true}, // no matter what else it says of the token
})

// leadWords come before most of what Stream says of a token.
const leadWords = "JWTAuth error:"

func prepared(all []sentence) []sentence {
	for i := range all {
		all[i].word = plain.SqueezeWord(all[i].words)
	}
	return all
}

// said is a sentence at its place.
type said struct {
	sentence
	plain.Spot
}

// SentencesIn gives the first place of each kind, in the order of the text.
// What another sentence has around it is not told again.
func SentencesIn(q *plain.Squeezed) []said {
	var all []said
	for _, s := range sentences {
		p, ok := q.Find(s.word, 0)
		if !ok {
			continue
		}
		covered := false
		for i := range all {
			a := &all[i]
			led := s.words == leadWords && a.From >= p.To && a.From-p.To < 120
			if led || a.From <= p.To && p.From <= a.To { // the more special one was found first
				covered = true
				a.own = a.own || s.own
			} else if a.kind == s.kind {
				covered = true
				if s.own && !a.own || s.own == a.own && p.From < a.From {
					own := a.own || s.own
					*a = said{s, p}
					a.own = own
				}
			}
		}
		if !covered {
			all = append(all, said{s, p})
		}
	}
	for i := 1; i < len(all); i++ { // a dozen at most
		for j := i; j > 0 && before(all[j], all[j-1]); j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	return all
}

// before: Stream's own sentence before one that others write, then the order of the text.
func before(a, b said) bool {
	if a.own != b.own {
		return a.own
	}
	return a.From < b.From
}

// codesOf are the codes that a kind of error comes with: what tells its own
// code from another number beside it.
func codesOf(kind string) []int {
	switch kind {
	case tokens.ErrSignature:
		return []int{43, 5, 17, 3}
	case tokens.ErrMalformed, ErrUserType, ErrClaimType, ErrDevToken, ErrAnonymous:
		return []int{5, 17, 43}
	case tokens.ErrExpired, tokens.ErrRevoked:
		return []int{40, 17}
	case tokens.ErrBeforeIssued:
		return []int{42, 17}
	case tokens.ErrNotYet:
		return []int{41, 17}
	case tokens.ErrKey, tokens.ErrDisabled:
		return []int{2, 5}
	case tokens.ErrAuthType:
		return []int{5, 2, 3}
	case tokens.ErrSuspended:
		return []int{99, 7}
	case ErrRegion:
		return []int{69}
	}
	return nil
}

// KindOfCode says what Stream's code means where its text says nothing more.
func KindOfCode(e *tokens.StreamError) string {
	low := plain.Lower(e.Message)
	switch e.Code {
	case -1:
		return ErrInternal
	case tokens.CodeKey:
		return tokens.ErrKey
	case 3:
		return tokens.ErrMalformed
	case 4, 6, 18, 19, 20, 21, 22, 44, 45, 46:
		return ErrInput
	case 7:
		if e.Feeds {
			return tokens.ErrSuspended
		}
	case tokens.CodeToken:
		if e.Message != "" {
			return ErrAuth
		}
		return tokens.ErrMalformed
	case 9:
		return ErrLimited
	case 16:
		if affix.Contains(low, "deleted") {
			return ErrDeleted
		}
		return ErrNotFound
	case 17, 60, 70:
		return ErrPermission
	case tokens.CodeExpired:
		return tokens.ErrExpired
	case tokens.CodeNotYet:
		return tokens.ErrNotYet
	case tokens.CodeBeforeIssued:
		return tokens.ErrBeforeIssued
	case tokens.CodeSignature:
		return tokens.ErrSignature
	case 69:
		return ErrRegion
	case tokens.CodeSuspended, 107:
		return tokens.ErrSuspended
	}
	return ErrOther
}
