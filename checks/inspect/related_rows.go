package inspect

import "badsig/checks/causes"

// sdkRows are what Stream's SDKs reject by themselves.
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
		"connect() was called with the API secret in the browser: create the token in the backend, and rotate the secret in the dashboard if this code was deployed"}},
	{any: []string{"Missing token, in client side mode please provide a feed secret", "missing token, in client side mode", "Missing token in client side mode"}, kind: KindLocal, is: fromSDK, cause: causes.SecretMissing, fault: true, says: []string{
		"connect() got neither an API secret nor a token: on a server, the secret's variable is undefined; in a browser, the user token is missing",
		"To see which variable the code reads: badsig check"}},
	{any: []string{"userId should be a string", "user_id must be a string", "Please provide a user id as a string"}, kind: KindLocal, is: fromSDK, cause: causes.UserIDType, fault: true, says: []string{
		"createToken was called with an id that isn't a string: pass String(id)"}},
	{any: []string{"Invalid userId, please use letters, numbers, - or _"}, kind: KindLocal, is: fromSDK, cause: causes.UserIDCharacters, says: []string{
		"Feeds allows only letters, digits, - and _ in user ids (an Auth0 id such as auth0|… has a pipe): map the id before you create the token"}},
	{any: []string{"initial WS connection could not be established", "WS connection could not be established"}, kind: KindLocal, is: "an error from Stream's SDK: it couldn't reach Stream", cause: causes.StreamUnreachable, says: []string{
		"The WebSocket to Stream never opened: a network problem, a proxy or VPN, a Content-Security-Policy, or a wrong baseURL",
		"Stream hasn't seen the token, so this says nothing about the token or the secret"}},
	{any: []string{"Token decoding failed", "incorrect token format", "ClientError.InvalidToken", "Error InvalidToken in"}, kind: KindLocal, is: fromSDK, cause: causes.TokenMalformed, fault: true, says: []string{
		"What was passed as the token isn't a JWT: often a whole JSON response, quotes around the token, or an empty string",
		"Paste what the app passes as the token here"}},
	{any: []string{"required API key is missing", "API key is missing", "apiKey is required", "api_key is required", "STREAM_API_KEY is not set", "STREAM_API_KEY is not defined", "Missing STREAM_API_KEY"}, kind: KindLocal, is: "an error about a missing API key, before anything was sent to Stream", cause: causes.KeyMissing, fault: true, says: []string{
		"The API key is undefined where the client is created: the variable isn't set there, or lacks the prefix that the bundler wants (VITE_, NEXT_PUBLIC_, EXPO_PUBLIC_)",
		"To see which variable the code reads: badsig check"}},
	{any: []string{"Consecutive calls to connectUser is detected", "WebSocket is closed before the connection is established", "You can't use a channel after client.disconnect() was called"}, kind: KindLocal, is: "a message from Stream's SDK about connecting twice, or disconnecting too early", says: []string{
		"Your own code connects twice, or disconnects while it still connects or uses the client: in React, an effect's cleanup, which StrictMode runs immediately in development",
		"That says nothing about the token or the secret"}},
	{any: []string{"secret is not set", "api_secret is required", "apiSecret is required", "API secret is missing", "STREAM_API_SECRET is not set", "STREAM_API_SECRET is not defined", "Missing STREAM_API_SECRET"}, kind: KindRelated, is: fromServer, cause: causes.SecretMissing, fault: true, says: []string{
		"The backend has no API secret: the variable isn't set where the process runs, or has another name there",
		"To see which variable the code reads: badsig check"}},
}

// libraryRows are what JWT libraries and their like say in one's own backend.
var libraryRows = []related{
	{any: []string{"secretOrPrivateKey must have a value", "secret or public key must be provided", "secretOrPublicKey must be provided", "Zero-length key is not supported", "Key material must not be empty", "key byte array cannot be null or empty", "The Secret cannot be null", "java.lang.IllegalArgumentException: Empty key", "expected bytes or bytearray, but got 'NoneType'", "($key) must be of type string, null given", "No verification key available", "Expecting a string- or bytes-formatted key", "HMAC key expected", "Key for the HS256 algorithm must be one of type CryptoKey, KeyObject, JSON Web Key, or Uint8Array. Received undefined", "Received undefined or null key", "Secret key cannot be null or empty", "IDX10000", "secretKey must be a string or buffer"},
		kind: KindRelated, is: fromBackend, cause: causes.SecretMissing, fault: true, says: []string{
			"The backend called its JWT library without a secret: the environment variable is undefined or empty where the code reads it",
			"To see which variable that is and where it should be set: badsig check"}},
	{any: []string{"Argument #2 ($key) must be of type", "Argument #3 ($key) must be of type"}, also: []string{"null given"}, kind: KindRelated, is: fromBackend, cause: causes.SecretMissing, fault: true, says: []string{
		"The secret is null: the environment variable isn't set where the code reads it (in Laravel, env() is null once the config is cached)", "To see which variable that is: badsig check"}},
	{any: []string{"Expected a string value"}, also: []string{"jwt/algorithms.py", "jwt\\algorithms.py", "jwt/utils.py", "jwt\\utils.py"}, kind: KindRelated, is: fromBackend, cause: causes.SecretMissing, fault: true, says: []string{
		"PyJWT got a secret that isn't a string: the environment variable is None where the code reads it", "To see which variable that is: badsig check"}},
	{any: []string{"The \"key\" argument must be", "String reference not set to an instance of a String"}, also: []string{"received undefined", "received null", "symmetricsecuritykey", "jwt", "hmac"}, kind: KindRelated, is: fromBackend, cause: causes.SecretMissing, fault: true, says: []string{
		"The secret is undefined where the token is signed: the environment variable isn't set, or has a different name",
		"To see which variable the code reads: badsig check"}},
	{any: []string{"is not valid key material"}, kind: KindRelated, is: fromBackend, cause: causes.SecretMissing, fault: true, says: []string{
		"The secret that was passed isn't a string or Buffer: an object, a number, or a Promise that wasn't awaited",
		"To see which variable the code reads: badsig check"}},
	{any: []string{"must be one of type CryptoKey, KeyObject", "must be of type KeyObject, CryptoKey, or Uint8Array", "must be one of type KeyObject, Uint8Array", "Key must be one of type", "Key for the HS256 algorithm must be"}, kind: KindRelated, is: fromBackend, cause: causes.SecretMissing, says: []string{
		"jose got the secret as a string (or undefined): pass new TextEncoder().encode(process.env.STREAM_API_SECRET), after checking that the variable is set",
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
	{any: []string{"jwt.io"}, also: []string{"invalid signature", "signature verified", "signature invalid", "signature is invalid"}, kind: KindRelated, is: "what jwt.io says of a token", says: []string{
		"jwt.io can only verify a token with the secret pasted there: without your app's secret it says invalid signature, and with the wrong pair it says verified and Stream rejects it anyway",
		"Paste the token here in your project's folder, or: badsig check"}},
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

// htmlPage and tunnelPage are pages that come instead of a token.
var (
	htmlPage = related{kind: KindRelated, cause: causes.EndpointHTML, says: []string{
		"If the token endpoint returned this, the URL reaches the front end's dev server, a login page or an error page, not the endpoint",
		"To see which server responds there: badsig check"}}
	tunnelPage = related{kind: KindRelated, cause: causes.EndpointHTML, says: []string{
		"This is ngrok's warning page: send the header ngrok-skip-browser-warning with the token request",
		"To check the endpoint through it: badsig check --header 'ngrok-skip-browser-warning: 1'"}}
)

// networkRows are what is between the front end and its token endpoint.
var networkRows = []related{
	{any: []string{"401 (Unauthorized)", "403 (Forbidden)", "429 (Too Many Requests)", "404 (Not Found)", "status code 401", "status code 403", "a status of 401", "a status of 403", "HTTP 401", "HTTP 403", "Http status error [401]", "Http status error [403]"}, also: []string{"stream-io-api.com", "stream-io-video.com", "io.getstream", "node_modules/stream-chat", "@stream-io/"}, kind: KindRelated, is: "a request that Stream rejected, without its reason", fault: true, says: []string{
		"Stream rejected this request; its response says why, with a code: open the request in the Network tab and paste the response here",
		"401 means that Stream didn't accept the key or the token, 403 that the user isn't allowed to do this (in Feeds v2, also a wrong signature)"}},
	{any: []string{"StreamChat error HTTP code:"}, kind: KindRelated, is: "a response without Stream's code", says: []string{
		"The response wasn't Stream's JSON: it's a page from a proxy or firewall, a rate limit, or the base URL is wrong",
		"Look at the response in the Network tab. This says nothing about the token or the secret"}},
	{any: []string{"Redirect is not allowed for a preflight request"}, kind: KindRelated, is: "an error from the browser (CORS), not from Stream", cause: causes.EndpointRedirect, says: []string{
		"The backend redirects the request, and a browser doesn't follow a redirected preflight: request the final address (https, www, the slash at the end), or send the session if it redirects to a login",
		"To see where it redirects to: badsig check"}},
	{any: []string{"Access-Control-Allow-Credentials", "credentials mode is 'include'", "Credential is not supported if the CORS header"}, also: []string{"CORS", "Access-Control-Allow-Origin"}, kind: KindRelated, is: "an error from the browser (CORS), not from Stream", cause: causes.CORSBlocked, says: []string{
		"CORS: the front end sends credentials (cookies), and the backend doesn't allow them. It must name the page's origin instead of * and allow credentials: cors({ origin: 'http://localhost:5173', credentials: true })",
		"To see what the backend allows: badsig check"}},
	{any: []string{"has been blocked by CORS policy", "Cross-Origin Request Blocked", "is not allowed by Access-Control-Allow-Origin", "No 'Access-Control-Allow-Origin' header", "CORS header 'Access-Control-Allow-Origin'", "CORS request did not succeed", "CORS Missing Allow Origin", "due to access control checks", "Preflight response is not successful"}, kind: KindRelated, is: "an error from the browser (CORS), not from Stream", cause: causes.CORSBlocked, says: []string{
		"CORS: the browser blocks the page from reading the response, because the backend doesn't allow its origin. curl works because it ignores CORS",
		"To see what the backend allows: badsig check"}},
	{any: []string{"Mixed Content:"}, kind: KindRelated, is: "an error from the browser, not from Stream", says: []string{
		"A page loaded over HTTPS requests the token over plain HTTP, so the browser blocks it: use an https:// URL for the backend"}},
	{any: []string{"CLEARTEXT communication", "App Transport Security", "NSURLErrorDomain Code=-1022"}, kind: KindRelated, is: "an error from the phone's system, not from Stream", says: []string{
		"The phone doesn't allow plain HTTP to this address: use https (a tunnel), or allow it for development (usesCleartextTraffic, NSAllowsLocalNetworking)"}},
	{any: []string{"using available port", "is in use, trying another", "is in use, using port", "is already in use, using port"}, kind: KindRelated, is: "a message from a dev server's start", cause: causes.ServerOnOtherPort, says: []string{
		"The port was taken by another program, so this server started on the next free one: a URL that names the usual port reaches the other program",
		"To see which server listens where: badsig check"}},
	{any: []string{"EADDRINUSE", "address already in use", "Only one usage of each socket address", "is already in use", "Something is already running on port"}, kind: KindRelated, is: "an error from the backend's start, not from Stream", cause: causes.WrongServer, says: []string{
		"Another program already listens on port {port}, so the new backend didn't start: requests still reach the old one, with its old secret",
		"To see which program that is: badsig check"}},
	{any: []string{"Unexpected token '<'", "Unexpected token <", "is not valid JSON", "JSON Parse error: Unrecognized token '<'", "JSON Parse error: Unexpected character: <", "JSON.parse: unexpected character at line 1 column 1", "FormatException: Unexpected character (at character 1)", "Expected BEGIN_OBJECT but was STRING", "invalid character '<' looking for beginning of value", "Unexpected character '<' around line 1"}, kind: KindRelated, is: fromBrowser, cause: causes.EndpointHTML, says: []string{
		"The token request got an HTML page where JSON was expected: the URL reaches the front end's dev server, a login page or an error page, not the token endpoint",
		"To see which server responds there: badsig check"}},
	{any: []string{"Unexpected end of JSON input", "JSON Parse error: Unexpected EOF", "JSON Parse error: Unexpected end of input", "Expecting value: line 1 column 1 (char 0)", "unexpected end of data at line 1 column 1", "The given data was not valid JSON"}, kind: KindRelated, is: fromBrowser, says: []string{
		"The response was empty or not JSON: the endpoint returned no body, or an error page", "To see what the token endpoint returns: badsig check"}},
	{any: []string{"ECONNREFUSED", "ENOTFOUND", "ERR_NAME_NOT_RESOLVED", "Unable to resolve host", "Failed host lookup", "no such host", "EAI_AGAIN", "ETIMEDOUT", "ECONNRESET", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION", "connection reset", "network is unreachable", "certificate"}, also: []string{"stream-io-api.com", "stream-io-video.com"}, kind: KindRelated, is: "a network error on the way to Stream, not Stream's response", cause: causes.StreamUnreachable, says: []string{
		"This machine couldn't reach Stream: a network problem, a proxy or VPN, a firewall, or DNS", "Stream hasn't seen the token, so this says nothing about the token or the secret"}},
	{any: []string{"ECONNREFUSED", "ERR_CONNECTION_REFUSED", "Connection refused", "Failed to connect to /", "Failed to connect to localhost", "Failed to connect to 127.", "Failed to connect to 10.", "Failed to connect to 192.168.", "Could not connect to the server", "Unable to connect. Is the computer able to access the url", "Was there a typo in the url or port", "actively refused it", "ConnectException"}, not: []string{"stream-io-api.com", "stream-io-video.com"}, kind: KindRelated, is: fromBrowser, cause: causes.ServerDown, says: []string{
		"Nothing is listening on {port} at that address: the backend isn't running, runs on a different port, or listens on the other of ::1 and 127.0.0.1",
		"On a phone or emulator, localhost is the phone itself: use 10.0.2.2 (Android emulator) or the computer's IP address",
		"Start the backend, then: badsig check"}},
	{any: []string{"ENOTFOUND", "ERR_NAME_NOT_RESOLVED", "Unable to resolve host", "getaddrinfo", "A server with the specified hostname could not be found", "Failed host lookup", "no such host", "EAI_AGAIN", "Could not resolve host"}, kind: KindRelated, is: "a network error, not Stream's response", says: []string{
		"The host name couldn't be resolved: a typo in the URL, no network, or a name that exists only inside Docker", "To check the token endpoint: badsig check --url URL"}},
	{any: []string{"Network request failed", "AxiosError: Network Error", "AxiosError [Network Error]", "Error: Network Error", "ERR_NETWORK"}, kind: KindRelated, is: fromBrowser, cause: causes.ServerDown, says: []string{
		"The request got no response: the backend isn't reachable from where the app runs (or, in a browser, CORS blocked it)",
		"On a phone or emulator, localhost is the phone itself: use 10.0.2.2 (Android emulator) or the computer's IP address, and a backend that listens on 0.0.0.0",
		"To check the endpoint from this machine: badsig check"}},
	{any: []string{"TypeError: Failed to fetch", "Failed to fetch", "TypeError: Load failed", "NetworkError when attempting to fetch resource", "TypeError: fetch failed", "net::ERR_FAILED", "net::ERR_EMPTY_RESPONSE"}, kind: KindRelated, is: fromBrowser, says: []string{
		"The browser got no response it may read: the backend isn't running, the URL or port is wrong, or CORS blocked the response",
		"To see which: badsig check (pages: server-down, cors-blocked)"}},
	{any: []string{"ETIMEDOUT", "ESOCKETTIMEDOUT", "TimeoutException after", "timeout of", "timed out", "Timeout was reached", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "504 Gateway", "status code 504", "NSURLErrorDomain Code=-1001"}, kind: KindRelated, is: "a timeout, not Stream's response", cause: causes.ServerHangs, says: []string{
		"The server didn't respond in time: it waits for something itself (a database, Stream), or a firewall drops the connection", "To time the token endpoint: badsig check"}},
	{any: []string{"ECONNRESET", "socket hang up", "Connection reset by peer", "Empty reply from server", "a status of 502", "a status of 503", "502 Bad Gateway", "status code 502", "status code 503", "503 Service Unavailable"}, kind: KindRelated, is: fromBrowser, cause: causes.ServerDown, says: []string{
		"The backend ended the connection or isn't running where its proxy expects it: it may have crashed on this request; look at its log", "Then: badsig check"}},
	{any: []string{"wrong version number", "ERR_SSL_PROTOCOL_ERROR", "EPROTO"}, kind: KindRelated, is: fromBrowser, says: []string{
		"The request uses https, but the server speaks plain http: change the URL to http://"}},
	{any: []string{"ERR_CERT_", "self signed certificate", "self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT", "unable to verify the first certificate", "SSL certificate problem", "CERTIFICATE_VERIFY_FAILED", "Code=-1202"}, kind: KindRelated, is: fromBrowser, says: []string{
		"The server's TLS certificate isn't trusted where the request comes from: for local development use plain http, or install the development certificate there"}},
	{any: []string{"(reading 'userId')", "(reading 'user_id')", "Cannot destructure property 'userId' of 'req.body'", "Cannot destructure property 'user_id' of 'req.body'", "Cannot destructure property 'userId' of 'request.body'", "of 'req.body' as it is undefined", "of 'undefined' as it is undefined"}, kind: KindRelated, is: fromServer, cause: causes.EndpointBody, says: []string{
		"The backend doesn't parse the request's JSON body, so req.body is undefined: add app.use(express.json()) before the route, and send Content-Type: application/json",
		"To check the endpoint: badsig check"}},
	{any: []string{"Cannot POST /", "Cannot GET /", "Cannot PUT /", "No route matches [", "NotFoundHttpException", "No route found for", "NoResourceFoundException", "No static resource", "404 (Not Found)", "a status of 404", "404 page not found", "was not found on this server", "{\"message\":\"Missing Authentication Token\"}", "status code 404", "404 Not Found", "Route not found", "HTTP/1.1 404", "HTTP/2 404", "functions/not-found", "FirebaseError: NOT_FOUND", "The deployment could not be found", "net::ERR_ABORTED 404"}, kind: KindRelated, is: "a 404 from a server, not Stream's response", cause: causes.EndpointNotFound, says: []string{
		"The server has no route for this request: the path differs (a missing /api prefix, a typo), the method differs, or another program is listening on this port",
		"To see which routes the project has: badsig check"}},
	{any: []string{"405 (Method Not Allowed)", "a status of 405", "405 Method Not Allowed", "status code 405", "MethodNotAllowed", "method is not supported for route", "Request method 'GET' is not supported", "Request method 'POST' is not supported", "HTTP/1.1 405"}, kind: KindRelated, is: "a 405 from a server, not Stream's response", cause: causes.EndpointMethod, says: []string{
		"The route exists, but for a different HTTP method (POST instead of GET, or the other way round)", "To see what the project's route expects: badsig check"}},
	{any: []string{"CSRF token missing", "CSRF token mismatch", "CSRF token from the", "CSRF cookie not set", "CSRF verification failed", "invalid csrf token", "InvalidAuthenticityToken", "Can't verify CSRF token authenticity", "419 (unknown status)"}, kind: KindRelated, is: "a rejection by your own backend's CSRF protection, not by Stream", cause: causes.EndpointAuth, says: []string{
		"The backend wants a CSRF token with each POST, and the token request carries none: exempt the token route (it's an API route), or send the CSRF token and the session's cookie",
		"To check it with them: badsig check --header 'X-CSRFToken: …' --header 'Cookie: …'"}},
	{any: []string{"ERR_NGROK_3200", "ERR_NGROK_3004"}, kind: KindRelated, is: "a tunnel's error, not from Stream", says: []string{
		"The tunnel isn't running, or its address has changed since: start it again and use the address that it prints", "To check the backend without it: badsig check"}},
	{any: []string{"ERR_NGROK_8012"}, kind: KindRelated, is: "a tunnel's error, not from Stream", cause: causes.ServerDown, says: []string{
		"The tunnel runs, but nothing is listening on the port that it forwards to: start the backend, or change the tunnel's port", "Then: badsig check"}},
	{any: []string{"{code:401,message:Invalid JWT}", "{\"code\":401,\"message\":\"Missing authorization header\"}", "\"message\":\"Invalid JWT\"", "{\"message\":\"Unauthorized\"}", "{\"error\":\"Unauthorized\"}", "{\"error\":\"Unauthenticated\"}", "401 (Unauthorized)", "status code 401", "a status of 401", "a status of 403", "HTTP/1.1 401", "functions/unauthenticated", "FirebaseError: UNAUTHENTICATED", "TRPCClientError: UNAUTHORIZED", "error: UNAUTHORIZED", "status code 403", "403 (Forbidden)"}, not: []string{"stream-io-api.com", "stream-io-video.com", "workos", "livekit", "npmerror"}, kind: KindRelated, is: "a 401 or 403 from your own backend or its gateway, not from Stream", cause: causes.EndpointAuth, says: []string{
		"The token endpoint requires a login that the request didn't carry (or rejected it: an expired or invalid session). A Stream token wasn't created",
		"To check it with a session: badsig check --header 'Authorization: …' or --header 'Cookie: …'"}},
	{json: true, any: []string{"unauthorized", "unauthenticated", "not authenticated", "credentials were not provided", "no token provided", "access denied", "invalid_token", "invalid token", "forbidden", "missing authorization", "login required", "not logged in", "session expired"}, kind: KindRelated, is: "your own backend's response: not logged in", cause: causes.EndpointAuth, says: []string{
		"The token endpoint requires a login that the request didn't carry (or rejected it). A Stream token wasn't created",
		"To check it with a session: badsig check --header 'Authorization: …' or --header 'Cookie: …'"}},
	{json: true, any: []string{"error:not found", "detail:not found", "message:not found", "statuscode:404", "status:404"}, kind: KindRelated, is: "your own backend's response: no such route", cause: causes.EndpointNotFound, says: []string{
		"The server has no route for this request: the path differs (a missing /api prefix, a typo), or another program is listening on this port",
		"To see which routes the project has: badsig check"}},
	{json: true, any: []string{"msg:field required", "msg:Input should be a valid", "type:missing,loc:[body"}, kind: KindRelated, is: "your own backend's response: the body lacks a field", cause: causes.EndpointBody, says: []string{
		"The token endpoint didn't get the field that it expects in the body: it names which one, and the front end sends it by a different name (userId, user_id, id) or not as JSON",
		"To see what the route reads: badsig check"}},
	{json: true, any: []string{"method not allowed"}, kind: KindRelated, is: "your own backend's response: wrong method", cause: causes.EndpointMethod, says: []string{
		"The route exists, but for a different HTTP method (POST instead of GET, or the other way round)", "To see what the project's route expects: badsig check"}},
	{any: []string{"status code 400", "400 (Bad Request)", "a status of 400", "422 (Unprocessable", "status code 422"}, not: []string{"stream-io-api.com", "stream-io-video.com"}, kind: KindRelated, is: "a 400 or 422 from your own backend, not from Stream", cause: causes.EndpointBody, says: []string{
		"The token endpoint didn't get what it expects in the body: a field has a different name (userId, user_id, id), or the body wasn't sent as JSON",
		"To see what the route reads: badsig check"}},
	{any: []string{"500 (Internal Server Error)", "status code 500", "a status of 500", "HTTP/1.1 500", "500 Internal Server Error", "Edge Function returned a non-2xx status code", "omitted in production builds", "functions/internal", "FirebaseError: INTERNAL"}, not: []string{"stream-io-api.com", "stream-io-video.com"}, kind: KindRelated, is: "a 500 from your own backend, not from Stream", cause: causes.EndpointError, says: []string{
		"The token endpoint failed with an error of its own: its log has the message and the line", "To see the response: badsig check"}},
}
