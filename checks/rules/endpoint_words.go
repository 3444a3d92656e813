package rules

import (
	"net/url"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - an endpoint's own words are outside text: they point at a cause, and only what was seen besides proves it

var (
	// noSecretWords are what libraries and people say when there is nothing to
	// sign with: jsonwebtoken, stream-chat, jose and WebCrypto, node:crypto,
	// PyJWT, jjwt, php-jwt, the Go and .NET SDKs, fast-jwt, and hand-written guards.
	noSecretWords = pattern.New(`(?i)secretOrPrivateKey must have a value` +
		`|tokens can only be created server-side using the API Secret` +
		`|zero-length key is not supported|key (material )?(must|may) not be empty|secret key byte array cannot be null or empty` +
		`|"key" argument must be of type .{0,200}received (undefined|null)` +
		`|key must be one of type .{0,160}received (undefined|null)` +
		`|(expecting|expected) a string(- or bytes-formatted key| value)|API key or secret is (empty|missing)|key length is zero|IDX10703` +
		`|no (value|secret) (was )?(set|provided|given) for .{0,20}secret` +
		`|(_SECRET|api[ _-]?secret|stream secret|signing secret|stream credentials)\b[^.;\n]{0,50}\b(is |are |was )?(missing|not set|unset|undefined|required|not configured|not defined|must be set|empty|not provided|not found)` +
		`|\b(missing|no|unset|undefined|set|provide|configure)\b[^.;\n]{0,40}(_SECRET\b|\bapi[ _-]?secret|stream secret|stream credentials)`)

	// noBodyWords are what Node says where req.body was never filled.
	noBodyWords = pattern.New(`(?i)cannot (destructure property .{1,60} of|read propert(y|ies) of undefined|read property .{1,60} of undefined)`)
	bodyNames   = pattern.New(`(?i)req(uest)?\.body|user_?id|user_?name|intermediate value|'id'|'body'|'user'`)

	// noUserWords say that the user's id did not arrive.
	noUserWords = pattern.New(`(?i)\b(missing|no|provide|needs?|requires?|expected|undefined|invalid|without)\b[^.;\n]{0,30}\b(user[ _-]?id|uid|user_?name|user)\b` +
		`|\b(user[ _-]?id|uid|user_?name|user)\b["'\x60]?[^.;\n]{0,30}\b(required|missing|not (provided|given|set|defined|present)|must (be|not)|cannot be|undefined|invalid|is empty)\b` +
		`|field required|"loc":\s*\[\s*"body"`)

	// errorField tells an answer that reports something from one that only has such words in its values.
	errorField = pattern.New(`(?i)"(errors?|message|msg|detail|reason)"\s*:`)

	// userUnknownWords say that the id arrived and nobody has it.
	userUnknownWords = pattern.New(`(?i)\buser\b[^.;\n]{0,40}\b(not found|does ?n[o']t exist|unknown)\b|\b(unknown|no such) user\b`)

	// nullUserWords are a program's that looked for a user and went on with nothing.
	nullUserWords = pattern.New(`(?i)cannot read propert(y|ies) of null|'NoneType' object|nil pointer|no rows in result|no record(s)? (was )?found|undefined method .{1,60} for nil`)

	// stackFrame is one line of a stack trace: "at f (/srv/app/index.js:11:9)", "File "/srv/app.py", line 11".
	stackFrame = pattern.New(`(?:\(|at |File ")((?:file://)?[^\s()"]{1,300}\.[A-Za-z]{1,5})"?(?::|, line )(\d{1,6})`)

	// corsWords are a server's own refusal of an origin.
	corsWords = pattern.New(`(?i)not allowed by cors|origin .{0,80}not allowed|cors (error|policy|blocked)|invalid origin|blocked by cors`)

	// belowBodyWords name what is missing inside a body that was parsed.
	belowBodyWords = pattern.New(`of '[^']{0,40}body\??\.[^']{1,40}' as it is`)

	// ownTrouble are the words of a failure that has nothing to do with the request's body.
	ownTrouble = pattern.New(`(?i)(?-i:\bE[A-Z]{5,}\b)|is not (defined|a function)|cannot find|not iterable|database|mongo|postgres|mysql|sqlite|redis|prisma|sequelize|timed? ?out|secret|StreamChat|maintenance|unavailable|bad gateway`)
)

// saysNoSecret tells whether an answer says that there is nothing to sign with.
func saysNoSecret(a *facts.Answer) bool { return noSecretWords.MatchString(words(a)) }

// saysNoBody tells whether an answer is Node's complaint about an empty req.body.
func saysNoBody(a *facts.Answer) bool {
	w := words(a)
	return noBodyWords.MatchString(w) && bodyNames.MatchString(w) && !belowBodyWords.MatchString(w)
}

func saysNoUser(a *facts.Answer) bool {
	return noUserWords.MatchString(words(a)) && !userUnknownWords.MatchString(words(a))
}

// words is the text of an answer as far as it was kept, entities of error pages decoded.
var unescape = strings.NewReplacer("&#39;", "'", "&quot;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">", `\"`, `"`)

func words(a *facts.Answer) string { return unescape.Replace(a.Begin) }

// plainWords is the text of an answer without the tags of an error page.
func plainWords(a *facts.Answer) string {
	text := words(a)
	if !a.HTML {
		return text
	}
	var b strings.Builder
	tag := false
	for _, r := range text {
		switch {
		case r == '<':
			tag = true
		case r == '>' && tag:
			tag = false
			b.WriteByte(' ')
		case r == '␊' || r == '␍' || r == '␉':
			b.WriteByte(' ')
		case !tag:
			b.WriteRune(r)
		}
	}
	out := strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "&nbsp;", " ")), " ")
	return strings.TrimPrefix(out, "Error ")
}

// request names a request in evidence: "POST /api/stream/token".
func request(a *facts.Answer) string {
	u, err := url.Parse(a.URL)
	if err != nil || u.Path == "" {
		return a.Method + " " + a.URL
	}
	return a.Method + " " + u.Path
}
