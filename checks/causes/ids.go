// Code generated from the pages by go test -update; DO NOT EDIT.

package causes

// Server.
const (
	ServerDown        ID = "server-down"          // Nothing is listening on the token endpoint's port
	ServerOnOtherPort ID = "server-on-other-port" // The backend is running on a different port
	ServerFamily      ID = "server-family"        // IPv4/IPv6 mismatch between the URL and the server
	ServerHangs       ID = "server-hangs"         // The token endpoint doesn't respond in time
	WrongServer       ID = "wrong-server"         // A different program is answering on this port
	ServerStale       ID = "server-stale"         // The backend is still using the old secret
)

// Endpoint.
const (
	EndpointRedirect ID = "endpoint-redirect"  // The endpoint redirects instead of returning a token
	EndpointAuth     ID = "endpoint-auth"      // The endpoint requires a login
	EndpointMethod   ID = "endpoint-method"    // The token route expects a different HTTP method
	EndpointNotFound ID = "endpoint-not-found" // The backend has no route for the token request
	EndpointBody     ID = "endpoint-body"      // The endpoint doesn't parse the JSON request body
	EndpointError    ID = "endpoint-error"     // The endpoint fails with a server error
	EndpointHTML     ID = "endpoint-html"      // The endpoint returns an HTML page instead of JSON
	TokenMissing     ID = "token-missing"      // The response contains no token
	CORSBlocked      ID = "cors-blocked"       // CORS blocks the browser from reading the response
	TokenCacheable   ID = "token-cacheable"    // The token response can be cached
)

// Token format.
const (
	TokenDev       ID = "token-dev"       // The token is a development token
	TokenForeign   ID = "token-foreign"   // The token was issued by another service
	TokenServer    ID = "token-server"    // A server token is used instead of a user token
	TokenWrapped   ID = "token-wrapped"   // The token has extra characters around it
	TokenEncoding  ID = "token-encoding"  // The token isn't base64url-encoded
	TokenTruncated ID = "token-truncated" // The token is truncated
	TokenMalformed ID = "token-malformed" // The value passed as the token isn't a JWT
	TokenAlgorithm ID = "token-algorithm" // The token isn't signed with HS256
	TokenStale     ID = "token-stale"     // The browser is using an old token
)

// Claims.
const (
	UserIDType        ID = "user-id-type"        // user_id isn't a string
	ClaimType         ID = "claim-type"          // A claim has the wrong type
	UserIDMissing     ID = "user-id-missing"     // The token has no user_id claim
	ClockSkew         ID = "clock-skew"          // The backend's clock is ahead
	IATMilliseconds   ID = "iat-milliseconds"    // iat is in milliseconds instead of seconds
	IATFuture         ID = "iat-future"          // iat is in the future
	NBFFuture         ID = "nbf-future"          // nbf is in the future, so the token isn't valid yet
	EXPRelative       ID = "exp-relative"        // exp is a duration, not a timestamp
	TokenExpired      ID = "token-expired"       // The token has expired
	TokenRevoked      ID = "token-revoked"       // Stream has revoked this token
	UserIDPlaceholder ID = "user-id-placeholder" // user_id is a placeholder such as "undefined"
	UserIDMismatch    ID = "user-id-mismatch"    // The token is for a different user
	EXPTooShort       ID = "exp-too-short"       // The token expires in less than a minute
	EXPMilliseconds   ID = "exp-milliseconds"    // exp is in milliseconds, so the token never really expires
	UserIDCharacters  ID = "user-id-characters"  // user_id has characters Stream doesn't document as allowed
)

// API secret.
const (
	SecretMissing     ID = "secret-missing"     // The backend has no API secret
	KeySecretSwapped  ID = "key-secret-swapped" // The API key and secret are swapped
	SecretVaries      ID = "secret-varies"      // The backend doesn't always use the same secret
	SecretIsKey       ID = "secret-is-key"      // The backend signs with the API key, not the secret
	SecretPlaceholder ID = "secret-placeholder" // The API secret is still a placeholder
	SecretFallback    ID = "secret-fallback"    // The backend signs with a hard-coded fallback
	SecretInvisible   ID = "secret-invisible"   // The API secret contains an invisible character
	SecretQuoted      ID = "secret-quoted"      // The API secret includes its quotes
	SecretWhitespace  ID = "secret-whitespace"  // The API secret has extra whitespace
	SecretEncoding    ID = "secret-encoding"    // The API secret is encoded or decoded before signing
	SecretCase        ID = "secret-case"        // The API secret has the wrong letter case
	SecretTruncated   ID = "secret-truncated"   // The API secret is truncated
	SecretPadded      ID = "secret-padded"      // The API secret has extra characters
	SecretTypo        ID = "secret-typo"        // The API secret has a typo
	SecretShadowed    ID = "secret-shadowed"    // Another value overrides the correct secret
	SecretOtherApp    ID = "secret-other-app"   // The API secret belongs to a different Stream app
	SecretUnknown     ID = "secret-unknown"     // The token was signed with an unknown secret
)

// API key.
const (
	KeyMissing        ID = "key-missing"         // The front end's API key is undefined
	KeyMalformed      ID = "key-malformed"       // The API key is malformed
	KeyUnknown        ID = "key-unknown"         // Stream doesn't recognize the API key
	KeyMismatch       ID = "key-mismatch"        // Front end and backend use different Stream apps
	KeySecretMismatch ID = "key-secret-mismatch" // The API key and secret don't match
	SecretExposed     ID = "secret-exposed"      // The API secret is exposed to the browser
	SecretInSource    ID = "secret-in-source"    // The API secret is hard-coded in a file that git tracks
)

// Stream.
const (
	AppSuspended       ID = "app-suspended"        // Stream has suspended this app
	AuthChecksDisabled ID = "auth-checks-disabled" // Auth checks are disabled: Stream accepts any signature
	StreamUnreachable  ID = "stream-unreachable"   // Couldn't reach Stream's API
)
