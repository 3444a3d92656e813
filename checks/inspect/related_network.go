package inspect

import "badsig/checks/causes"

// networkRows are what stands between the front end and its token endpoint.
var networkRows = []related{
	{any: []string{"has been blocked by CORS policy", "Cross-Origin Request Blocked", "is not allowed by Access-Control-Allow-Origin", "No 'Access-Control-Allow-Origin' header", "CORS header 'Access-Control-Allow-Origin'", "CORS request did not succeed", "CORS Missing Allow Origin"}, kind: KindRelated, is: "an error from the browser (CORS), not from Stream", cause: causes.CORSBlocked, says: []string{
		"CORS: the browser blocks the page from reading the response, because the backend doesn't allow its origin. curl works because it ignores CORS",
		"To see what the backend allows: badsig check"}},
	{any: []string{"Mixed Content:"}, kind: KindRelated, is: "an error from the browser, not from Stream", says: []string{
		"A page loaded over HTTPS requests the token over plain HTTP, so the browser blocks it: use an https:// URL for the backend"}},
	{any: []string{"CLEARTEXT communication", "App Transport Security", "NSURLErrorDomain Code=-1022"}, kind: KindRelated, is: "an error from the phone's system, not from Stream", says: []string{
		"The phone doesn't allow plain HTTP to this address: use https (a tunnel), or allow it for development (usesCleartextTraffic, NSAllowsLocalNetworking)"}},
	{any: []string{"EADDRINUSE", "address already in use", "Only one usage of each socket address", "is already in use", "Something is already running on port"}, kind: KindRelated, is: "an error from the backend's start, not from Stream", cause: causes.WrongServer, says: []string{
		"Another program already listens on port {port}, so the new backend didn't start: requests still reach the old one, with its old secret",
		"To see which program that is: badsig check"}},
	{any: []string{"Unexpected token '<'", "Unexpected token <", "is not valid JSON", "JSON Parse error: Unrecognized token '<'", "JSON Parse error: Unexpected character: <", "JSON.parse: unexpected character at line 1 column 1", "FormatException: Unexpected character (at character 1)", "Expected BEGIN_OBJECT but was STRING", "invalid character '<' looking for beginning of value"}, kind: KindRelated, is: fromBrowser, cause: causes.EndpointHTML, says: []string{
		"The token request got an HTML page where JSON was expected: the URL reaches the front end's dev server, a login page or an error page, not the token endpoint",
		"To see what answers there: badsig check"}},
	{any: []string{"Unexpected end of JSON input", "JSON Parse error: Unexpected EOF", "JSON Parse error: Unexpected end of input", "Expecting value: line 1 column 1 (char 0)", "unexpected end of data at line 1 column 1"}, kind: KindRelated, is: fromBrowser, says: []string{
		"The response was empty or not JSON: the endpoint returned no body, or an error page", "To see what the token endpoint returns: badsig check"}},
	{any: []string{"ECONNREFUSED", "ENOTFOUND", "ERR_NAME_NOT_RESOLVED", "Unable to resolve host", "Failed host lookup", "no such host", "EAI_AGAIN", "ETIMEDOUT", "ECONNRESET", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION", "connection reset", "network is unreachable", "certificate"}, also: []string{"stream-io-api.com", "stream-io-video.com"}, kind: KindRelated, is: "a network error on the way to Stream, not Stream's answer", cause: causes.StreamUnreachable, says: []string{
		"This machine couldn't reach Stream: a network problem, a proxy or VPN, a firewall, or DNS", "Stream hasn't seen the token, so this says nothing about the token or the secret"}},
	{any: []string{"ECONNREFUSED", "ERR_CONNECTION_REFUSED", "Connection refused", "Failed to connect to /", "Failed to connect to localhost", "Failed to connect to 127.", "Failed to connect to 10.", "Failed to connect to 192.168.", "Could not connect to the server", "actively refused it", "ConnectException"}, not: []string{"stream-io-api.com", "stream-io-video.com"}, kind: KindRelated, is: fromBrowser, cause: causes.ServerDown, says: []string{
		"Nothing is listening on {port} at that address: the backend isn't running, runs on a different port, or listens on the other of ::1 and 127.0.0.1",
		"On a phone or emulator, localhost is the phone itself: use 10.0.2.2 (Android emulator) or the computer's IP address",
		"Start the backend, then: badsig check"}},
	{any: []string{"ENOTFOUND", "ERR_NAME_NOT_RESOLVED", "Unable to resolve host", "getaddrinfo", "A server with the specified hostname could not be found", "Failed host lookup", "no such host", "EAI_AGAIN"}, kind: KindRelated, is: "a network error, not Stream's answer", says: []string{
		"The host name couldn't be resolved: a typo in the URL, no network, or a name that exists only inside Docker", "To check the token endpoint: badsig check --url URL"}},
	{any: []string{"Network request failed", "AxiosError: Network Error", "AxiosError [Network Error]", "Error: Network Error", "ERR_NETWORK"}, kind: KindRelated, is: fromBrowser, cause: causes.ServerDown, says: []string{
		"The request got no response: the backend isn't reachable from where the app runs (or, in a browser, CORS blocked it)",
		"On a phone or emulator, localhost is the phone itself: use 10.0.2.2 (Android emulator) or the computer's IP address, and a backend that listens on 0.0.0.0",
		"To check the endpoint from this machine: badsig check"}},
	{any: []string{"TypeError: Failed to fetch", "Failed to fetch", "TypeError: Load failed", "NetworkError when attempting to fetch resource", "TypeError: fetch failed", "net::ERR_FAILED", "net::ERR_EMPTY_RESPONSE"}, kind: KindRelated, is: fromBrowser, says: []string{
		"The browser got no response it may read: the backend isn't running, the URL or port is wrong, or CORS blocked the response",
		"To see which: badsig check (pages: server-down, cors-blocked)"}},
	{any: []string{"ETIMEDOUT", "ESOCKETTIMEDOUT", "TimeoutException after", "timeout of", "timed out", "Timeout was reached", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "504 Gateway", "status code 504", "NSURLErrorDomain Code=-1001"}, kind: KindRelated, is: "a timeout, not Stream's answer", cause: causes.ServerHangs, says: []string{
		"The server didn't respond in time: it waits for something itself (a database, Stream), or a firewall drops the connection", "To time the token endpoint: badsig check"}},
	{any: []string{"ECONNRESET", "socket hang up", "Connection reset by peer", "502 Bad Gateway", "status code 502", "status code 503", "503 Service Unavailable"}, kind: KindRelated, is: fromBrowser, cause: causes.ServerDown, says: []string{
		"The backend ended the connection or isn't running behind its proxy: it may have crashed on this request; look at its log", "Then: badsig check"}},
	{any: []string{"wrong version number", "ERR_SSL_PROTOCOL_ERROR", "EPROTO"}, kind: KindRelated, is: fromBrowser, says: []string{
		"The request uses https, but the server speaks plain http: change the URL to http://"}},
	{any: []string{"Cannot POST /", "Cannot GET /", "Cannot PUT /", "404 (Not Found)", "404 page not found", "status code 404", "404 Not Found", "Route not found", "HTTP/1.1 404", "HTTP/2 404", "net::ERR_ABORTED 404"}, kind: KindRelated, is: "a 404 from a server, not Stream's answer", cause: causes.EndpointNotFound, says: []string{
		"The server has no route for this request: the path differs (a missing /api prefix, a typo), the method differs, or another program answers on this port",
		"To see which routes the project has: badsig check"}},
	{any: []string{"405 (Method Not Allowed)", "405 Method Not Allowed", "status code 405", "MethodNotAllowed", "HTTP/1.1 405"}, kind: KindRelated, is: "a 405 from a server, not Stream's answer", cause: causes.EndpointMethod, says: []string{
		"The route exists, but for a different HTTP method (POST instead of GET, or the other way round)", "To see what the project's route expects: badsig check"}},
	{any: []string{"{code:401,message:Invalid JWT}", "{\"code\":401,\"message\":\"Missing authorization header\"}", "\"message\":\"Invalid JWT\"", "{\"message\":\"Unauthorized\"}", "{\"error\":\"Unauthorized\"}", "{\"error\":\"Unauthenticated\"}", "401 (Unauthorized)", "status code 401", "HTTP/1.1 401", "functions/unauthenticated", "FirebaseError: UNAUTHENTICATED", "status code 403", "403 (Forbidden)"}, not: []string{"stream-io-api.com", "stream-io-video.com", "workos", "livekit", "npmerror"}, kind: KindRelated, is: "a 401 or 403 from your own backend or its gateway, not from Stream", cause: causes.EndpointAuth, says: []string{
		"The token endpoint requires a login that the request didn't carry (or rejected it: an expired or invalid session). A Stream token wasn't created",
		"To check it with a session: badsig check --header 'Authorization: …' or --header 'Cookie: …'"}},
	{any: []string{"500 (Internal Server Error)", "status code 500", "HTTP/1.1 500", "500 Internal Server Error"}, not: []string{"stream-io-api.com", "stream-io-video.com"}, kind: KindRelated, is: "a 500 from your own backend, not from Stream", cause: causes.EndpointError, says: []string{
		"The token endpoint failed with an error of its own: its log has the message and the line", "To see the response: badsig check"}},
}
