package inspect

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"testing"

	"badsig/checks/inspect/dress"
	"badsig/tokens"
)

// refused is what Stream said.
type refused struct {
	code, status int
	op, message  string
	kind         string
}

func (r refused) wrapped() string {
	if r.op == "" {
		return r.message
	}
	return r.op + ` failed with error: "` + r.message + `"`
}

const namedKey = "k3v8x2m9q7wz"

var refusals = []refused{
	{43, 401, "Connect", `JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key "` + namedKey + `"`, tokens.ErrSignature},
	{43, 401, "", `JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key "` + namedKey + `"`, tokens.ErrSignature},
	{5, 401, "Connect", "Token signature is invalid", tokens.ErrSignature},
	{40, 401, "QueryChannels", "JWTAuth error: token is expired (exp)", tokens.ErrExpired},
	{40, 401, "", "This token has been revoked, please generate a new token", tokens.ErrRevoked},
	{42, 401, "GetOrCreateCall", "JWTAuth error: token used before issue at (iat)", tokens.ErrBeforeIssued},
	{41, 401, "", "JWTAuth error: token not valid yet (nbf)", tokens.ErrNotYet},
	{5, 401, "", "JWTAuth error: token contains an invalid number of segments", tokens.ErrMalformed},
	{5, 401, "Connect", "JWTAuth error: illegal base64 data at input byte 47", tokens.ErrMalformed},
	{5, 401, "", "JWTAuth error: json: cannot unmarshal number into Go struct field StreamJWTClaims.user_id of type string", dress.ErrUserType},
	{5, 401, "", "JWTAuth error: json: cannot unmarshal string into Go struct field StreamJWTClaims.exp of type int64", dress.ErrClaimType},
	{5, 401, "QueryChannels", "stream-auth-type missing or invalid", tokens.ErrAuthType},
	{2, 401, "Connect", "api_key not valid", tokens.ErrKey},
	{99, 403, "Connect", "app is suspended", tokens.ErrSuspended},
	{17, 403, "GetOrCreateChannel", "User 'john' with role 'user' is not allowed to perform action ReadChannel in scope 'messaging'", dress.ErrPermission},
	{16, 404, "Connect", "the user john was deleted", dress.ErrDeleted},
	{4, 400, "", "user_details is a required field", dress.ErrInput},
	{9, 429, "UpdateUsers", "Too many requests, check response headers for more information.", dress.ErrLimited},
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// dresses are how SDKs, logs and wires show it. Those whose name ends in ? show no code.
var dresses = map[string]func(r refused) string{
	"chat-js http": func(r refused) string {
		return fmt.Sprintf("Error: StreamChat error code %d: %s\n    at StreamChat.errorFromResponse (browser.es.js:9823:13)", r.code, r.wrapped())
	},
	"chat-js ws": func(r refused) string {
		return fmt.Sprintf(`Error: {"code":%d,"StatusCode":%d,"message":%s,"isWSFailure":false}`, r.code, r.status, quoted(fmt.Sprintf("WS failed with code %d and reason - %s", r.code, r.wrapped())))
	},
	"video-js": func(r refused) string {
		return fmt.Sprintf("[coordinator]: connection:WS failed with code: %d: %d and reason: %s {event: {…}}", r.code, r.code, r.wrapped())
	},
	"node-sdk": func(r refused) string {
		return fmt.Sprintf("StreamError: Stream error code %d: %s\n    at ApiClient.sendRequest (index.mjs:1:2) {\n  code: %d\n}", r.code, r.wrapped(), r.code)
	},
	"http body": func(r refused) string {
		return fmt.Sprintf(`{"code":%d,"message":%s,"StatusCode":%d,"duration":"0.00ms","more_info":"https://getstream.io/chat/docs/api_errors_response","details":[]}`, r.code, quoted(r.wrapped()), r.status)
	},
	"ws frame": func(r refused) string {
		return fmt.Sprintf(`{"type":"connection.error","connection_id":"","error":{"code":%d,"message":%s,"StatusCode":%d,"duration":"","more_info":"","details":[]}}`, r.code, quoted(r.wrapped()), r.status)
	},
	"pretty json": func(r refused) string {
		return fmt.Sprintf("{\n  \"error\" : {\n    \"code\" : %d,\n    \"message\" : %s,\n    \"StatusCode\" : %d,\n    \"duration\" : \"0.00ms\"\n  }\n}", r.code, quoted(r.wrapped()), r.status)
	},
	"node inspect": func(r refused) string {
		return fmt.Sprintf("{\n  code: %d,\n  message: `%s`,\n  StatusCode: %d,\n  duration: '0.00ms'\n}", r.code, r.wrapped(), r.status)
	},
	"swift": func(r refused) string {
		return fmt.Sprintf("ServerErrorPayload(code: %d, message: \"%s\", statusCode: %d)).", r.code, r.wrapped(), r.status)
	},
	"swift video": func(r refused) string {
		return fmt.Sprintf("APIError(code: %d, details: [], duration: \"\", exceptionFields: nil, message: \"%s\", moreInfo: \"\", statusCode: %d)", r.code, r.wrapped(), r.status)
	},
	"android": func(r refused) string {
		return fmt.Sprintf("E/Chat:Client: [onNetworkError] error: NetworkError(message=%s, serverErrorCode=%d, statusCode=%d, cause=null)", r.wrapped(), r.code, r.status)
	},
	"flutter": func(r refused) string {
		return fmt.Sprintf("WebSocketError(message: %[1]s, data: ErrorResponse(code: %[2]d, message: %[1]s, statusCode: %[3]d, moreInfo: ))", r.wrapped(), r.code, r.status)
	},
	"flutter map": func(r refused) string {
		return fmt.Sprintf("flutter: {code: %d, message: %s, StatusCode: %d, duration: 0.00ms, more_info: }", r.code, r.wrapped(), r.status)
	},
	"flutter video": func(r refused) string {
		return fmt.Sprintf("APIError[statusCode=%d, code=%d, details=[], duration=, exceptionFields={}, message=%s, moreInfo=]", r.status, r.code, r.wrapped())
	},
	"unity": func(r refused) string {
		return fmt.Sprintf("StreamApiException: \nStatusCode: %d\nCode: %d\nDuration: 0.00ms\nErrorMessage: %s\nMoreInfo: https://getstream.io/chat/docs/api_errors_response\n  at StreamChat.Core.X () [0x0]", r.status, r.code, r.wrapped())
	},
	"python": func(r refused) string {
		return fmt.Sprintf("  raise StreamAPIException(response.text)\nstream_chat.base.exceptions.StreamAPIException: StreamChat error code %d: %s\"", r.code, r.wrapped())
	},
	"go verbose": func(r refused) string {
		return fmt.Sprintf("&getstream.StreamError{Code:%d, Message:%s, StatusCode:%d, Duration:\"\"}", r.code, quoted(r.wrapped()), r.status)
	},
	"ruby hash": func(r refused) string {
		return fmt.Sprintf(`{"code"=>%d, "message"=>%s, "StatusCode"=>%d, "duration"=>"0.00ms"}`, r.code, quoted(r.wrapped()), r.status)
	},
	"ruby": func(r refused) string {
		return fmt.Sprintf("client.rb:871:in `parse_response': StreamChat error code %d: %s (StreamChat::StreamAPIException)", r.code, r.wrapped())
	},
	"php print_r": func(r refused) string {
		return fmt.Sprintf("Array\n(\n    [code] => %d\n    [message] => %s\n    [StatusCode] => %d\n)", r.code, r.wrapped(), r.status)
	},
	"php var_dump": func(r refused) string {
		return fmt.Sprintf("array(3) {\n  [\"code\"]=>\n  int(%d)\n  [\"message\"]=>\n  string(9) \"%s\"\n  [\"StatusCode\"]=>\n  int(%d)\n}", r.code, r.wrapped(), r.status)
	},
	"java data": func(r refused) string {
		return fmt.Sprintf("StreamException.ResponseData(code=%d, message=%s, exceptionFields=null, statusCode=%d, duration=0.00ms)", r.code, r.wrapped(), r.status)
	},
	"yaml": func(r refused) string {
		return fmt.Sprintf("error:\n  code: %d\n  message: %s\n  StatusCode: %d\n  duration: 0.00ms", r.code, quoted(r.wrapped()), r.status)
	},
	"browser console": func(r refused) string {
		return fmt.Sprintf("connect.js:12 {code: %d, StatusCode: %d, message: '%s', isWSFailure: false}", r.code, r.status, strings.ReplaceAll(r.wrapped(), "'", ""))
	},
	"elixir": func(r refused) string {
		return fmt.Sprintf(`{:error, %%{"StatusCode" => %d, "code" => %d, "message" => %s}}`, r.status, r.code, quoted(r.wrapped()))
	},
	"rust debug": func(r refused) string {
		return fmt.Sprintf(`Err(StreamApiError { code: %d, message: %s, status_code: %d })`, r.code, quoted(r.wrapped()), r.status)
	},
	"python dataclass": func(r refused) string {
		return fmt.Sprintf(`getstream.base.StreamApiException: APIError(code=%d, details=[], message=%s, status_code=%d, duration='0.00ms')`, r.code, quoted(r.wrapped()), r.status)
	},
	"dotnet json": func(r refused) string {
		return fmt.Sprintf(`StreamChat.Exceptions.StreamChatException {"ErrorCode":%d,"Message":%s,"HttpStatusCode":%d}`, r.code, quoted(r.wrapped()), r.status)
	},
	"guzzle": func(r refused) string {
		return fmt.Sprintf("Client error: `POST https://chat.stream-io-api.com/users?api_key=%s` resulted in a `%d` response:\n{\"code\":%d,\"message\":%s,\"StatusCode\":%d}\n", namedKey, r.status, r.code, quoted(r.wrapped()), r.status)
	},
	"go wrapped": func(r refused) string {
		return fmt.Sprintf("2026/03/02 10:14:22 mint token: stream: %s {\"code\":%d,\"StatusCode\":%d}", r.wrapped(), r.code, r.status)
	},
	"own backend's json": func(r refused) string {
		return fmt.Sprintf(`{"success":false,"error":%s}`, quoted(fmt.Sprintf("StreamChat error code %d: %s", r.code, r.wrapped())))
	},
	"logfmt": func(r refused) string {
		return fmt.Sprintf(`level=error msg="stream request failed" error=%s stream_code=%d status=%d`, quoted(r.wrapped()), r.code, r.status)
	},
	"flutter dio": func(r refused) string {
		return fmt.Sprintf("╔╣ DioError ║ Status: %d\n║  {\n║       \"code\": %d,\n║       \"message\": %s,\n║       \"StatusCode\": %d,\n║  }\n╚═══", r.status, r.code, quoted(r.wrapped()), r.status)
	},
	"python repr": func(r refused) string {
		return fmt.Sprintf("{'code': %d, 'message': '%s', 'StatusCode': %d}", r.code, r.wrapped(), r.status)
	},
}

// mangles are what happens to a string on its way to the clipboard.
var mangles = map[string]func(string) string{
	"as it is": func(s string) string { return s },
	"crlf":     func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"colors": func(s string) string {
		return "\x1b[31m" + strings.ReplaceAll(s, "code", "\x1b[1mcode\x1b[22m") + "\x1b[39m"
	},
	"docker": func(s string) string { return "api-1  | " + strings.ReplaceAll(s, "\n", "\napi-1  | ") },
	"logcat": func(s string) string {
		return "I/flutter ( 2745): " + strings.ReplaceAll(s, "\n", "\nI/flutter ( 2745): ")
	},
	"time": func(s string) string {
		return "2026-03-02T10:14:22.120Z " + strings.ReplaceAll(s, "\n", "\n2026-03-02T10:14:22.120Z ")
	},
	"mail": func(s string) string {
		return "Hi,\n\nwe get this:\n\n> " + strings.ReplaceAll(s, "\n", "\n> ") + "\n\nAny idea?"
	},
	"html": html.EscapeString,
	"smart": func(s string) string {
		open := true
		return strings.Map(func(r rune) rune {
			if r != '"' {
				return r
			}
			if open = !open; open {
				return '”'
			}
			return '“'
		}, s)
	},
	"a string":             quoted,
	"a string in a string": func(s string) string { return quoted(quoted(s)) },
	"in a log's field":     func(s string) string { return `{"level":50,"time":1772446462120,"msg":` + quoted(s) + `}` },
}

// No matter which SDK prints a Stream error, and no matter what a log does to it: code,
// message, operation and key are read.
func TestEveryDress(t *testing.T) {
	for dress, show := range dresses {
		for mangle, change := range mangles {
			for _, want := range refusals {
				text := change(show(want))
				f := (&Inspector{}).Inspect(t.Context(), text)
				name := fmt.Sprintf("%s, %s, %d %s", dress, mangle, want.code, want.kind)
				if f.Error == nil {
					t.Errorf("%s: %s is taken for %s", name, text, f.Kind)
					continue
				}
				e := f.Error
				if e.Code != want.code || e.Kind != want.kind || e.Operation != want.op {
					t.Errorf("%s: code %d kind %q operation %q\n%s", name, e.Code, e.Kind, e.Operation, text)
				} else if strings.Trim(e.Message, `"'.`) != strings.Trim(want.message, `"'.`) && !strings.ContainsAny(want.message, "'") {
					t.Errorf("%s: message %q, want %q\n%s", name, e.Message, want.message, text)
				}
				if want.kind == tokens.ErrSignature && strings.Contains(text, namedKey) != (f.Key == namedKey) {
					t.Errorf("%s: key %q\n%s", name, f.Key, text)
				}
			}
		}
	}
}

// A window of any width, with or without a log's prefix, hides nothing.
func TestWrapped(t *testing.T) {
	text := "WS failed with code 43 and reason - " + refusals[0].message
	for width := 8; width < 80; width++ {
		for _, prefix := range []string{"", "> ", "api-1  | ", "I/flutter (2745): ║ "} {
			var b strings.Builder
			for i := 0; i < len(text); i += width {
				b.WriteString(prefix + text[i:min(len(text), i+width)] + "\n")
			}
			f := (&Inspector{}).Inspect(t.Context(), b.String())
			if f.Error == nil || f.Error.Code != 43 || f.Key != namedKey {
				t.Errorf("width %d, prefix %q: %+v\n%s", width, prefix, f.Error, b.String())
			}
		}
	}
}
