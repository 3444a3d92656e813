package dress

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/inspect/plain"
)

// Rules of this file:
//   - a code counts only in the words or the shape that Stream or one of its SDKs gives it; a bare number is none
//   - a name in a path says who may have written a string, never that the text is Stream's

// saysCode are the words that SDKs put right before Stream's code.
var saysCode = []struct {
	word  string // squeezed
	exact string // as it has to be spelled; "" for any capitals
	sdk   string
}{
	{"streamchaterrorcode", "", "a Stream Chat SDK"},
	{"streamerrorcode", "Stream error code", "a Stream SDK"},
	{"wsfailedwithcode", "", "Stream's JavaScript SDK"},
	{"withstreamcode", "", "Stream's Android SDK"},
	{"streamcode", "", "Stream's Android SDK"},
	{"servererrorcode", "", "Stream's Android SDK"},
	{"chatnetworkerrorhttpstatus", "", ""}, // the code follows in the same sentence
	{"apierrorcode", "", "Stream's PHP SDK"},
}

// shells are what SDKs print Stream's error in: Name(code: …, message: …).
var shells = []struct {
	word string // squeezed
	sdk  string
}{
	{"servererrorpayload(", "Stream's Swift SDK"},
	{"errorpayload(", "Stream's Swift SDK"},
	{"streamchatnetworkerror(", "Stream's Flutter SDK"},
	{"streamwebsocketerror(", "Stream's Flutter SDK"},
	{"websocketerror(", "Stream's Flutter SDK"},
	{"errorresponse(code", "Stream's Flutter SDK"},
	{"apierror[statuscode", "Stream Video's Flutter SDK"},
	{"apierror(code", "a Stream SDK"},
	{"streamapierror(", "a Stream SDK"},
	{"streamapierror{", "a Stream SDK"},
	{"streamapiexception", "a Stream SDK"},
	{"streamexception.responsedata(", "Stream's Java SDK"},
	{"streamchat::streamapiexception", "Stream's Ruby SDK"},
	{"streamchatexception", "Stream's .NET SDK"},
	{"streamexception", "a Stream SDK"},
	{"streamfeedexception", "Stream Feeds' PHP SDK"},
	{"streamerror{", "Stream's Go SDK"},
	{"chatnetworkerror(", "Stream's Android SDK"},
	{"videoerror", "a Stream Video SDK"},
	{"notallowedexception", "a Stream Feeds SDK"},
	{"authenticationfailedexception", "a Stream Feeds SDK"},
	{"stream.exceptions.", "Stream Feeds' Python SDK"},
	{"streamapierror:", "Stream Feeds' JavaScript SDK"},
	{"siteerror:", "Stream Feeds' JavaScript SDK"},
}

// names of Stream and of its packages, as they are in paths, tags and addresses.
var names = []string{
	"getstream", "get-stream", "stream-io-api.com", "stream-io-video", "@stream-io/", "stream-chat", "stream_chat", "streamchat", "stream-video",
	"stream_video", "streamvideo", "stream_feed", "stream-feed", "streamfeed", "chat:client", "chat:socket", "chat:events", "video:coordinator", "coordinatorws",
	"coordinatorsocket", "[coordinator]", "iswsfailure", "x-stream-client", "stream-auth-type", "streamapi", "tokenmanager", "stablewsconnection", "sfuclient",
}

// others are services and programs whose strings use the same words.
var others = []string{
	"firebase", "workos", "livekit", "supabase", "gotrue", "clerk", "auth0", "agora", "twilio", "cognito", "okta", "keycloak", "next-auth", "nextauth", "authjs",
	"sendbird", "pusher", "ably", "msal", "azure", "google", "googleapis", "github", "gitlab", "slack", "discord", "stripe", "zoom", "daily.co", "vonage", "100ms",
	"videosdk", "dyte", "hasura", "appwrite", "pocketbase", "strapi", "directus", "openai", "anthropic", "aws", "amazon", "cloudflare", "kinde", "stytch",
	"magic.link", "descope", "propelauth", "zitadel", "logto", "ory", "fusionauth", "onelogin", "descope", "spotify", "paypal", "shopify", "npm error", "npm err!",
	"yarn", "pnpm", "exit code", "git clone", "docker daemon", "x509", "saml", "webhook",
}

// evidence is what else in a string says whose it is.
type evidence struct {
	stream bool // a name of Stream
	other  bool // a name of another service's
}

func evidenceOf(whole string) evidence {
	low := plain.Lower(whole)
	has := plain.GramsOf(low)
	var e evidence
	for _, n := range names {
		if n = plain.Lower(n); !has.Lack(n) && affix.Contains(low, n) {
			e.stream = true
			break
		}
	}
	for _, n := range others {
		if !has.Lack(n) && containsWord(whole, low, n) {
			e.other = true
			break
		}
	}
	return e
}

// containsWord recognizes a name that is a word, or a part of one that begins with a
// capital: clerk in ClerkAPIResponseError. low is text in small letters.
func containsWord(text, low, word string) bool {
	for at := 0; ; {
		i := strings.Index(low[at:], word)
		if i < 0 {
			return false
		}
		i += at
		end := i + len(word)
		begins := i == 0 || !plain.Letter(text[i-1]) || text[i] < 'a'
		ends := end == len(text) || !plain.Letter(text[end]) || text[end] < 'a'
		if begins && ends {
			return true
		}
		at = i + 1
	}
}

// known codes: another number at a code's place is another service's.
func KnownCode(n int) bool {
	switch {
	case n == -1, n >= 2 && n <= 7, n == 9, n >= 10 && n <= 24, n >= 40 && n <= 46, n == 60, n >= 69 && n <= 73, n == 99, n == 107:
		return true
	}
	return false
}

// isCode, isStatus and isMessage tell the names of fields.
func isCode(name string) bool {
	switch name {
	case "code", "errorcode", "servererrorcode", "streamcode", "streamerrorcode", "apierrorcode", "apicode":
		return true
	}
	return false
}

func isStatus(name string) bool {
	switch name {
	case "statuscode", "status", "httpstatus", "httpstatuscode", "httpcode":
		return true
	}
	return false
}

func isMessage(name string) bool {
	switch name {
	case "message", "errormessage", "detail", "description", "reason", "msg", "error", "err":
		return true
	}
	return false
}
