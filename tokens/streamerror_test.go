package tokens

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestParseError(t *testing.T) {
	const sig = `JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key "k7m2x9qwz4v8"`
	const esc = `JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key \"k7m2x9qwz4v8\"`
	key := func(e StreamError) StreamError { e.Key = "k7m2x9qwz4v8"; return e }
	for _, c := range []struct {
		name, text string
		want       StreamError
	}{
		{"HTTP", `{"code":43,"message":"` + esc + `","StatusCode":401,"duration":"0.00ms","more_info":"https://getstream.io/chat/docs/api_errors_response","details":[]}`,
			key(StreamError{Code: 43, Status: 401, Message: sig, Kind: ErrSignature})},
		{"HTTP, wrapped by its operation", `{"code":40,"message":"SendEvent failed with error: \"JWTAuth error: token is expired (exp)\"","more_info":"https://getstream.io/chat/docs/api_errors_response","StatusCode":401,"duration":""}`,
			StreamError{Code: 40, Status: 401, Message: "JWTAuth error: token is expired (exp)", Operation: "SendEvent", Kind: ErrExpired}},
		{"Connect, wrapped", `{"code":43,"message":"Connect failed with error: \"JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key \\\"k7m2x9qwz4v8\\\"\"","StatusCode":401}`,
			key(StreamError{Code: 43, Status: 401, Message: sig, Operation: "Connect", Kind: ErrSignature})},
		{"first frame of the WebSocket", `{"error":{"code":43,"message":"` + esc + `","StatusCode":401,"duration":"0.00ms","more_info":""}}`,
			key(StreamError{Code: 43, Status: 401, Message: sig, Kind: ErrSignature})},
		{"connection.error", `{"type":"connection.error","created_at":"2026-01-01T00:00:00Z","connection_id":"","error":{"code":42,"message":"JWTAuth error: token used before issue at (iat)","StatusCode":401,"duration":"","more_info":"","details":[]}}`,
			StreamError{Code: 42, Status: 401, Message: "JWTAuth error: token used before issue at (iat)", Kind: ErrBeforeIssued}},
		{"stream-chat's thrown JSON", `Error: {"code":43,"StatusCode":401,"message":"WS failed with code 43 and reason - ` + esc + `","isWSFailure":false}`,
			key(StreamError{Code: 43, Status: 401, Message: sig, Kind: ErrSignature})},
		{"stream-chat's thrown JSON in a JSON text", quoteJSON(`{"code":43,"StatusCode":401,"message":"WS failed with code 43 and reason - ` + esc + `","isWSFailure":false}`),
			key(StreamError{Code: 43, Status: 401, Message: sig, Kind: ErrSignature})},
		{"stream-chat over HTTP", `Error: StreamChat error code 43: QueryChannels failed with error: "` + sig + `"`,
			key(StreamError{Code: 43, Message: sig, Operation: "QueryChannels", Kind: ErrSignature})},
		{"stream-chat's WebSocket", `WS failed with code 43 and reason - ` + sig,
			key(StreamError{Code: 43, Message: sig, Kind: ErrSignature})},
		{"video", `WS failed with code: 43: AuthErrorTokenSignatureInvalid and reason: ` + sig,
			key(StreamError{Code: 43, Message: sig, Kind: ErrSignature})},
		{"node-sdk", `Stream error code 43: GetApp failed with error: "` + sig + `"`,
			key(StreamError{Code: 43, Message: sig, Operation: "GetApp", Kind: ErrSignature})},
		{"Swift", `ServerErrorPayload(code: 43, message: "` + sig + `", statusCode: 401)`,
			key(StreamError{Code: 43, Status: 401, Message: sig, Kind: ErrSignature})},
		{"Flutter", `WebSocketError(message: ` + sig + `, data: ErrorResponse(code: 43, message: ` + sig + `, statusCode: 401, moreInfo: ))`,
			key(StreamError{Code: 43, Status: 401, Message: sig, Kind: ErrSignature})},
		{"older signature text", `{"code":5,"message":"Connect failed with error: \"Token signature is invalid\"","StatusCode":401}`,
			StreamError{Code: 5, Status: 401, Message: "Token signature is invalid", Operation: "Connect", Kind: ErrSignature}},
		{"Feeds v2", `{"detail":"signature is invalid","status_code":403,"code":17,"exception":"NotAllowedException","duration":"0.00ms","more_info":"https://getstream.io/docs/api_error_responses"}`,
			StreamError{Code: 17, Status: 403, Message: "signature is invalid", Kind: ErrSignature, Feeds: true}},
		{"old Feeds without a code", `{"code":null,"detail":"url signature missing or invalid","exception":"AuthenticationFailed","status_code":403}`,
			StreamError{Status: 403, Message: "url signature missing or invalid", Kind: ErrAuthType, Feeds: true}},
		{"segments", `{"code":5,"message":"JWTAuth error: token contains an invalid number of segments","StatusCode":401}`,
			StreamError{Code: 5, Status: 401, Message: "JWTAuth error: token contains an invalid number of segments", Kind: ErrMalformed}},
		{"types", `{"code":5,"message":"JWTAuth error: json: cannot unmarshal number into Go struct field StreamJWTClaims.user_id of type string","StatusCode":401}`,
			StreamError{Code: 5, Status: 401, Message: "JWTAuth error: json: cannot unmarshal number into Go struct field StreamJWTClaims.user_id of type string", Kind: ErrMalformed}},
		{"no token was sent", `{"code":5,"message":"QueryChannels failed with error: \"stream-auth-type missing or invalid\"","StatusCode":401}`,
			StreamError{Code: 5, Status: 401, Message: "stream-auth-type missing or invalid", Operation: "QueryChannels", Kind: ErrAuthType}},
		{"the key", `{"code":2,"message":"Connect failed with error: \"api_key not valid\"","StatusCode":401}`,
			StreamError{Code: 2, Status: 401, Message: "api_key not valid", Operation: "Connect", Kind: ErrKey}},
		{"the product", `{"code":2,"message":"Chat is not enabled for organization with id 5 and name x","StatusCode":401}`,
			StreamError{Code: 2, Status: 401, Message: "Chat is not enabled for organization with id 5 and name x", Kind: ErrDisabled}},
		{"revoked", `{"code":40,"message":"This token has been revoked, please generate a new token","StatusCode":401}`,
			StreamError{Code: 40, Status: 401, Message: "This token has been revoked, please generate a new token", Kind: ErrRevoked}},
		{"a code whose text was never seen", `{"code":99,"message":"app is suspended","StatusCode":403}`,
			StreamError{Code: 99, Status: 403, Message: "app is suspended", Kind: ErrSuspended}},
		{"the bare sentence", sig, key(StreamError{Message: sig, Kind: ErrSignature})},
		{"the sentence cut by the issue's title", "signature is not valid", StreamError{Message: "signature is not valid", Kind: ErrSignature}},
		{"within a log", "12:00:01 ERROR connect\n  " + sig + "\n  at connect (x.js:1)", key(StreamError{Message: sig, Kind: ErrSignature})},
		{"axios", `AxiosError: Request failed with status code 401 {"response":{"status":401,"data":{"code":43,"message":"` + esc + `","StatusCode":401}}}`,
			key(StreamError{Code: 43, Status: 401, Message: sig, Kind: ErrSignature})},
		{"Node's print of an object", "{ code: 43, message: '" + sig + "', StatusCode: 401 }", key(StreamError{Code: 43, Status: 401, Message: sig, Kind: ErrSignature})},
		{"an SDK's own refusal", `Error: userToken does not have a user_id or is not matching with user.id`,
			StreamError{Message: "userToken does not have a user_id or is not matching with user.id", Kind: ErrLocal}},
		{"jsonwebtoken's refusal", `Error: secretOrPrivateKey must have a value`, StreamError{Message: "secretOrPrivateKey must have a value", Kind: ErrLocal}},
		{"rate limit: no authentication, yet Stream's", `{"code":9,"message":"Too many requests, check response headers for more information.","StatusCode":429}`,
			StreamError{Code: 9, Status: 429, Message: "Too many requests, check response headers for more information."}},
	} {
		got, ok := ParseError(c.text)
		if !ok || got != c.want {
			t.Errorf("%s: ok %v\n got %+v\nwant %+v", c.name, ok, got, c.want)
		}
	}
}

func quoteJSON(s string) string { b, _ := json.Marshal(s); return string(b) }

func TestParseErrorStaysOutOfIt(t *testing.T) {
	for _, text := range []string{
		"", "hello", "{}", `{"token":"x"}`, `{"code":"E","message":"no"}`, `{"message":"ok"}`, "<html>502</html>", "error code: 1020",
		standardHeader + ".e30.x", `{"error":"userId required"}`, "npm ERR! code ELIFECYCLE",
	} {
		if got, ok := ParseError(text); ok {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
}

func TestParseErrorIsBounded(t *testing.T) {
	start := time.Now()
	for _, unit := range []string{"{", `{"error":`, `\"`, `failed with error: "`, "JWTAuth error: ", "code: ", `\\\"{`} {
		ParseError(strings.Repeat(unit, 1<<20/len(unit)))
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("took %v", d)
	}
}
