package inspect

import (
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/inspect/dress"
	"badsig/checks/inspect/plain"
	"badsig/tokens"
)

// Rules of this file:
//   - what an error proves is said, and what it doesn't prove: whether the signature and the secret are at fault
//   - the signature's error has many causes, so it names none

const (
	notSignature = "That isn't about the token's signature or the API secret"
	whichOne     = "To find out which, paste the token here or run badsig check"
)

// meaning says what Stream's error means and which page is about it.
func meaning(r *dress.Refusal) (says []string, cause causes.ID) {
	switch r.Kind {
	case tokens.ErrSignature:
		return []string{
			"Stream knows this API key and could read the token, but the token isn't signed with that key's secret (the signature doesn't match)",
			"Common causes: a secret from a different app, a typo or extra whitespace in it, a server that wasn't restarted, or an old token in the browser",
		}, ""
	case tokens.ErrMalformed:
		return malformed(r)
	case dress.ErrAuth:
		return []string{"Stream couldn't authenticate the request; its message says why", "It doesn't say that the signature is wrong, so the secret is probably right"}, ""
	case dress.ErrUserType:
		return []string{"user_id in the token isn't a string. Stream requires one: sign String(id)", "The signature and the secret aren't the problem"}, causes.UserIDType
	case dress.ErrClaimType:
		return []string{claimSays(r.Message), "The signature and the secret aren't the problem"}, causes.ClaimType
	case dress.ErrAnonymous:
		return []string{"The client connects as an anonymous user, but sends a token whose user_id isn't !anon: connect with connectUser and that token's user, or send no token", "The signature and the secret aren't the problem"}, causes.UserIDMismatch
	case dress.ErrDevToken:
		return []string{"This is a development token, and the app has auth checks enabled: get a signed token from your backend"}, causes.TokenDev
	case tokens.ErrExpired:
		return []string{"The token has expired (or was revoked). The signature is valid", "Get a new token from the backend; SDKs do that themselves if they're given a token provider instead of a token"}, causes.TokenExpired
	case tokens.ErrRevoked:
		return []string{"Tokens issued before a certain time were revoked, for this user or the whole app. The signature is valid", "A new token helps only if its iat is later than the revocation"}, causes.TokenRevoked
	case tokens.ErrBeforeIssued:
		return []string{"iat is in the future by Stream's clock: the clock of the machine that signs is ahead, or iat was rounded up. The signature is valid"}, causes.IATFuture
	case tokens.ErrNotYet:
		return []string{"nbf is in the future by Stream's clock, so the token isn't valid yet. The signature is valid"}, causes.NBFFuture
	case tokens.ErrKey:
		if affix.Contains(r.Message, "not provided") {
			return []string{"The request carried no API key: it was undefined where Stream's client was made. That says nothing about the token or the secret"}, causes.KeyUnknown
		}
		return []string{"Stream doesn't recognize this API key. That says nothing about the token or the secret"}, causes.KeyUnknown
	case tokens.ErrDisabled:
		return []string{"This product isn't enabled for the organization that owns the API key. That says nothing about the token or the secret"}, ""
	case tokens.ErrAuthType:
		return []string{"The request carried no token: it was sent before the user was connected, or without the stream-auth-type header", "Wait for connectUser to finish before the first query. The signature and the secret aren't the problem"}, causes.TokenMissing
	case tokens.ErrSuspended:
		return []string{"Stream has suspended this app. That says nothing about the token or the secret"}, causes.AppSuspended
	case dress.ErrPermission:
		return []string{"Stream accepted the token, but this user's role isn't allowed to do this: check the permissions (roles and grants) in the dashboard", notSignature}, ""
	case dress.ErrDeleted:
		return []string{"This user was deleted in Stream: restore it, or connect with another user id", notSignature}, ""
	case dress.ErrNotFound:
		return []string{"What the request names doesn't exist in this app (a user, channel, call or feed)", notSignature + "; but check that the API key is of the app you mean"}, ""
	case dress.ErrInput:
		return []string{"Stream rejected the request's parameters", notSignature}, ""
	case dress.ErrLimited:
		return []string{"Rate limited: too many requests; wait and try again", notSignature}, ""
	case dress.ErrRegion:
		return []string{"The app is in a different region than the URL that was called: use the SDK's default URL or the app's region", notSignature}, ""
	case dress.ErrInternal:
		return []string{"Stream had an internal error, or couldn't tell what was wrong: try again, and look at status.getstream.io", "If it happens with every request, check that the token isn't empty"}, ""
	}
	return []string{"Stream rejected the request", notSignature}, ""
}

// malformed tells from the words what Stream couldn't read.
func malformed(r *dress.Refusal) (says []string, cause causes.ID) {
	low := plain.Lower(r.Message)
	why := "Stream couldn't read the token. It's wrapped in something, truncated, or not a token"
	switch {
	case affix.Contains(low, "number of segments"):
		why = "Stream couldn't read the token: it doesn't have three dot-separated segments. Often undefined, null, an object, or the wrong field was passed"
		cause = causes.TokenMalformed
	case affix.Contains(low, "'bearer '"):
		why = "The token was sent with the word Bearer: Stream wants the token alone"
		cause = causes.TokenWrapped
	case affix.Contains(low, "input byte 0"):
		why = "The token's first character can't begin a token: quotes, a space, or a whole JSON object were sent around it"
		cause = causes.TokenWrapped
	case affix.Contains(low, "illegal base64"):
		why = "The token has a character that base64url doesn't allow (+ / =, a space, a newline), or part of it is missing"
		cause = causes.TokenEncoding
	case affix.Contains(low, "invalid character"), affix.Contains(low, "unexpected end of json"), affix.Contains(low, "unexpected eof"):
		why = "The token's header or payload isn't JSON: the token was truncated, or encoded by hand with standard base64"
		cause = causes.TokenMalformed
	case affix.Contains(low, "signing method"), affix.Contains(low, "signature type"), affix.Contains(low, "key is of invalid type"):
		why = "The token isn't signed with HS256"
		cause = causes.TokenAlgorithm
	}
	return []string{why, "The secret isn't the problem"}, cause
}

// claimSays names the claim and the types of "cannot unmarshal X into Go struct field T.claim of type Y".
func claimSays(message string) string {
	_, rest, ok := affix.Cut(message, "cannot unmarshal ")
	got, rest2, ok2 := affix.Cut(rest, " into Go struct field ")
	path, want, ok3 := affix.Cut(rest2, " of type ")
	if !ok || !ok2 || !ok3 {
		return "A claim in the token has the wrong type"
	}
	claim := path[strings.LastIndexByte(path, '.')+1:]
	want, _, _ = affix.Cut(strings.TrimSpace(want), " ")
	want = strings.Trim(want, `"'),}`)
	switch want {
	case "int64":
		return fmt.Sprintf("The claim %s is %s. Stream wants whole seconds since 1970: Math.floor(Date.now() / 1000) + lifetime", claim, article(got))
	}
	return fmt.Sprintf("The claim %s is %s; Stream wants a %s", claim, article(got), want)
}

func article(kind string) string {
	switch {
	case affix.HasPrefix(kind, "number "):
		return "not a whole number (" + affix.TrimPrefix(kind, "number ") + ")"
	case kind == "object", kind == "array":
		return "an " + kind
	}
	return "a " + kind
}
