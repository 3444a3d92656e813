package inspect

import "badsig/checks/causes"

// sdkRows are what Stream's SDKs refuse by themselves.
var sdkRows = []related{
	{any: []string{"userToken does not have a user_id or is not matching with user.id"}, kind: KindLocal, is: fromSDK, cause: causes.UserIDMismatch, fault: true, says: []string{
		"The token's user_id isn't the id given to connectUser, or the token has no user_id (it isn't a Stream user token)",
		"Ids are compared as strings: 42 isn't \"42\", and John isn't john. Paste the token here to see its user_id"}},
	{any: []string{"user_id is missing in user token", "Provided token does not contain `user_id`", "Provided token does not contain user_id"}, kind: KindLocal, is: fromSDK, cause: causes.UserIDMissing, fault: true, says: []string{
		"The token has no user_id claim: it's a server token, another service's JWT, or the claim has a different name (userId, sub)",
		"Paste the token here to see its claims"}},
	{any: []string{"User token can not be empty", "Token not set, can't connect authenticate", "Unauthorised, token not defined", "No defined token. Check if client.setUser was called", "`userToken` must be provided while running on client-side", "userToken must be provided while running on client-side"}, kind: KindLocal, is: fromSDK, cause: causes.TokenMissing, fault: true, says: []string{
		"The SDK has no token: connectUser was called with undefined or an empty string, or hasn't finished yet",
		"Look at what the token endpoint returns and which field the front end reads: badsig check"}},
	{any: []string{"user token should either be a string or a function"}, kind: KindLocal, is: fromSDK, cause: causes.TokenMalformed, fault: true, says: []string{
		"Something other than a token was passed to connectUser: a whole response object, or a Promise that wasn't awaited",
		"Pass the token's string (data.token), or a function that returns it"}},
	{any: []string{"Both secret and user tokens are not set", "User token is not set. Either client.connectUser wasn't called"}, kind: KindLocal, is: fromSDK, cause: causes.TokenMissing, fault: true, says: []string{
		"The client was used before connectUser finished, after disconnectUser, or the token provider returned undefined",
		"Await connectUser before the first query; on a server, create the client with the API secret"}},
	{any: []string{"You need to call connectUser", "Call connectUser or connectAnonymousUser before"}, kind: KindLocal, is: fromSDK, says: []string{"The client was used before connectUser was called and had finished: await it before the first query"}},
	{any: []string{"Call to tokenProvider failed", "tokenProvider failed with message", "Failed to get a token from the token provider"}, kind: KindLocal, is: "an error from Stream's SDK: your own token provider failed", says: []string{
		"The function that fetches the token threw an error, so nothing was sent to Stream: the token endpoint is the problem",
		"To check the endpoint: badsig check"}},
	{any: []string{"tokens can only be created server-side using the API Secret"}, kind: KindLocal, is: fromSDK, cause: causes.SecretMissing, fault: true, says: []string{
		"createToken was called on a client that has no API secret: the variable is undefined where the client is created, or getInstance was first called without a secret",
		"To see which variable the code reads: badsig check"}},
	{any: []string{"Unable to find jwt crypto", "Cannot read property 'sign' of null", "Cannot read properties of null (reading 'sign')"}, kind: KindLocal, is: fromSDK, cause: causes.SecretExposed, says: []string{
		"A token is being created in the browser or app, which has no crypto for it and must never have the API secret",
		"Create tokens in the backend and fetch them from there"}},
	{any: []string{"You are publicly sharing your App Secret"}, kind: KindLocal, is: fromSDK, cause: causes.SecretExposed, fault: true, says: []string{
		"connect() was given the API secret in the browser: create the token in the backend, and rotate the secret in the dashboard if this code was deployed"}},
	{any: []string{"Missing token, in client side mode please provide a feed secret", "missing token, in client side mode", "Missing token in client side mode"}, kind: KindLocal, is: fromSDK, cause: causes.SecretMissing, fault: true, says: []string{
		"connect() got neither an API secret nor a token: on a server, the secret's variable is undefined; in a browser, the user token is missing",
		"To see which variable the code reads: badsig check"}},
	{any: []string{"userId should be a string", "user_id must be a string", "Please provide a user id as a string"}, kind: KindLocal, is: fromSDK, cause: causes.UserIDType, fault: true, says: []string{
		"createToken was given an id that isn't a string: pass String(id)"}},
	{any: []string{"Invalid userId, please use letters, numbers, - or _"}, kind: KindLocal, is: fromSDK, cause: causes.UserIDCharacters, says: []string{
		"Feeds allows only letters, digits, - and _ in user ids (an Auth0 id such as auth0|… has a pipe): map the id before you create the token"}},
	{any: []string{"initial WS connection could not be established", "WS connection could not be established"}, kind: KindLocal, is: "an error from Stream's SDK: it couldn't reach Stream", cause: causes.StreamUnreachable, says: []string{
		"The WebSocket to Stream never opened: a network problem, a proxy or VPN, a Content-Security-Policy, or a wrong baseURL",
		"Stream hasn't seen the token, so this says nothing about the token or the secret"}},
	{any: []string{"secret is not set", "api_secret is required", "apiSecret is required", "API secret is missing", "STREAM_API_SECRET is not set", "STREAM_API_SECRET is not defined", "Missing STREAM_API_SECRET"}, kind: KindRelated, is: fromServer, cause: causes.SecretMissing, fault: true, says: []string{
		"The backend has no API secret: the variable isn't set where the process runs, or has another name there",
		"To see which variable the code reads: badsig check"}},
}

// libraryRows are what JWT libraries and their like say in one's own backend.
var libraryRows = []related{
	{any: []string{"secretOrPrivateKey must have a value", "secret or public key must be provided", "secretOrPublicKey must be provided", "Zero-length key is not supported", "Key material must not be empty", "No verification key available", "Expecting a string- or bytes-formatted key", "HMAC key expected", "Key for the HS256 algorithm must be one of type CryptoKey, KeyObject, JSON Web Key, or Uint8Array. Received undefined", "Received undefined or null key", "Secret key cannot be null or empty", "IDX10000", "secretKey must be a string or buffer"},
		kind: KindRelated, is: fromBackend, cause: causes.SecretMissing, fault: true, says: []string{
			"The backend called its JWT library without a secret: the environment variable is undefined or empty where the code reads it",
			"To see which variable that is and where it should be set: badsig check"}},
	{any: []string{"is not valid key material"}, kind: KindRelated, is: fromBackend, cause: causes.SecretMissing, fault: true, says: []string{
		"The secret that was passed isn't a string or Buffer: an object, a number, or a Promise that wasn't awaited",
		"To see which variable the code reads: badsig check"}},
	{any: []string{"must be one of type CryptoKey, KeyObject", "must be of type KeyObject, CryptoKey, or Uint8Array", "must be one of type KeyObject, Uint8Array", "Key must be one of type", "Key for the HS256 algorithm must be"}, kind: KindRelated, is: fromBackend, cause: causes.SecretMissing, says: []string{
		"jose was given the secret as a string (or undefined): pass new TextEncoder().encode(process.env.STREAM_API_SECRET), after checking that the variable is set",
		"To see which variable the code reads: badsig check"}},
	{any: []string{"must be an asymmetric key when using", "must be a symmetric key when using"}, kind: KindRelated, is: fromBackend, cause: causes.TokenAlgorithm, fault: true, says: []string{
		"The algorithm doesn't match the secret: Stream's tokens are signed with HS256 and the API secret"}},
	{any: []string{"key byte array is", "key size must be greater than", "IDX10653", "IDX10720", "Provided key is too short"}, also: []string{"bits", "key size", "too short", "hmac", "hs256"}, kind: KindRelated, is: fromBackend, cause: causes.SecretPlaceholder, says: []string{
		"The backend's secret is too short for HS256: Stream's secrets are 64 characters, so a placeholder, a truncated value or the API key is set there",
		"To compare it with the dashboard's: badsig check --secret-stdin"}},
	{any: []string{"JsonWebTokenError: invalid signature", "JWSSignatureVerificationFailed", "signature verification failed", "InvalidSignatureError", "JWT signature does not match locally computed signature", "IDX10503", "JWT::VerificationError", "SignatureInvalidException"},
		kind: KindRelated, is: fromBackend, says: []string{
			"Your own backend verifies a token, and its secret isn't the one that signed it: for a session token that's your session secret, for a Stream token the app's API secret",
			"To see which secret signed it, paste the token here, or run badsig check"}},
	{any: []string{"jwt malformed", "jwt must be a string", "Invalid Compact JWS", "JWSInvalid", "Not enough segments", "Wrong number of segments", "JWT strings must contain exactly 2 period characters"}, kind: KindRelated, is: fromBackend, says: []string{
		"Your own backend calls verify() with something that isn't a JWT: often undefined, \"null\", a token with quotes, or the whole Authorization header with Bearer",
		"That's your application's session check, before any Stream token is created: badsig check --header 'Authorization: …'"}},
	{any: []string{"jwt must be provided", "jwt signature is required"}, kind: KindRelated, is: fromBackend, says: []string{
		"Your own backend calls verify() without a token: the request carried no session (no Authorization header or cookie)",
		"To check the endpoint as the front end calls it: badsig check --header 'Authorization: …'"}},
	{any: []string{"jwt expired", "TokenExpiredError", "JWTExpired", "ExpiredSignatureError", "Signature has expired", "JWT::ExpiredSignature", "\"exp\" claim timestamp check failed", "IDX10223", "ExpiredJwtException", "token has invalid claims: token is expired"}, kind: KindRelated, is: fromBackend, says: []string{
		"Your own backend verifies a token that has expired: usually its session token. Log in again, then request a new Stream token"}},
	{any: []string{"jwt not active", "\"nbf\" claim timestamp check failed", "JWT::ImmatureSignature", "ImmatureSignatureError", "Cannot handle token prior to"}, kind: KindRelated, is: fromBackend, cause: causes.ClockSkew, says: []string{
		"Your own backend verifies a token that isn't valid yet: the clocks of two machines differ"}},
	{any: []string{"JsonWebTokenError: invalid algorithm", "JsonWebTokenError: invalid token", "JsonWebTokenError"}, kind: KindRelated, is: fromBackend, says: []string{
		"Your own backend's verify() rejected a token: that's your application's session check or a test of your own, not Stream's",
		"To see what the token is, paste it here"}},
	{any: []string{"no implicit conversion of nil into String"}, also: []string{"jwt", "createtoken", "create_token", "openssl", "hmac", "stream"}, kind: KindRelated, is: fromBackend, cause: causes.SecretMissing, fault: true, says: []string{
		"The secret is nil: the environment variable isn't set where the code reads it", "To see which variable that is: badsig check"}},
	{any: []string{"injecting env (0) from", "injected env (0) from"}, kind: KindRelated, is: "a message from dotenv", cause: causes.SecretMissing, says: []string{
		"dotenv read no variable: the file isn't in the folder where the command runs, is empty, or is named differently", "To see which file the backend reads: badsig check"}},
}
