package signature

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/pattern"
)

var (
	// noSecretWords are what libraries and people say when there is nothing to
	// sign with: jsonwebtoken, stream-chat, jose and WebCrypto, node:crypto,
	// PyJWT, jjwt, php-jwt, the Go, PHP and .NET SDKs, fast-jwt, and hand-written guards.
	noSecretWords = pattern.New(`(?i)secretOrPrivateKey must have a value` +
		`|tokens can only be created server-side using the API Secret` +
		`|zero-length key is not supported|key (material )?(must|may) not be empty|secret key byte array cannot be null or empty` +
		`|"key" argument must be of type .{0,200}received (undefined|null)` +
		`|key must be one of type .{0,160}received (undefined|null)` +
		`|(expecting|expected) a string(- or bytes-formatted key| value)|API key or secret is (empty|missing)|key length is zero|IDX10703` +
		`|\(\$(api_?secret|secret|key)\) must be of type [^,]{1,60}, null given|must have an api secret|Parameter 'apiSecret'` +
		`|key: expected bytes or bytearray, but got 'NoneType'` +
		`|no (value|secret) (was )?(set|provided|given) for .{0,20}secret` +
		`|(_SECRET|api[ _-]?secret|stream secret|signing secret|stream credentials)\b[^.;\n]{0,50}\b(is |are |was )?(missing|not set|unset|undefined|required|not configured|not defined|must be set|empty|not provided|not found)` +
		`|\b(missing|no|unset|undefined|set|provide|configure)\b[^.;\n]{0,40}(_SECRET\b|\bapi[ _-]?secret|stream secret|stream credentials)`)

	// NoBodyWords are what Node says where req.body was never filled.
	NoBodyWords = pattern.New(`(?i)cannot (destructure property .{1,60} of|read propert(y|ies) of undefined|read property .{1,60} of undefined)`)
	BodyNames   = pattern.New(`(?i)req(uest)?\.body|user_?id|user_?name|intermediate value|'id'|'body'|'user'`)

	// OnlyBodyNames are those of them that nothing but the body is read for.
	OnlyBodyNames = pattern.New(`(?i)req(uest)?\.body|user_?id|user_?name|'body'`)

	// NoUserWords say that the user's id did not arrive.
	NoUserWords = pattern.New(`(?i)\b(missing|no|provide|needs?|requires?|expected|undefined|invalid|without)\b[^.;\n]{0,30}\b(user[ _-]?id|uid|user_?name|user)\b` +
		`|\b(user[ _-]?id|uid|user_?name|user)\b["'\x60]?[^.;\n]{0,30}\b(required|missing|not (provided|given|set|defined|present)|must (be|not)|cannot be|undefined|invalid|is empty)\b` +
		`|field required|"loc":\s*\[\s*"body"`)

	// ErrorField tells a response that reports something from one that only has such words in its values.
	ErrorField = pattern.New(`(?i)"(errors?|message|msg|detail|reason)"\s*:`)

	// UserUnknownWords say that the id arrived and no one has it.
	UserUnknownWords = pattern.New(`(?i)\buser\b[^.;\n]{0,40}\b(not found|does ?n[o']t exist|unknown)\b|\b(unknown|no such) user\b`)

	// NullUserWords are a program's that looked for a user and went on with nothing.
	NullUserWords = pattern.New(`(?i)cannot read propert(y|ies) of null|'NoneType' object|nil pointer|no rows in result|no record(s)? (was )?found|undefined method .{1,60} for nil`)

	// StackFrame is one line of a stack trace: "at f (/srv/app/index.js:11:9)", "File "/srv/app.py", line 11".
	StackFrame = pattern.New(`(?:\(|at |File ")((?:file://)?[^\s()"]{1,300}\.[A-Za-z]{1,5})"?(?::|, line )(\d{1,6})`)

	// CORSWords are a server's own refusal of an origin.
	CORSWords = pattern.New(`(?i)not allowed by cors|origin .{0,80}not allowed|cors (error|policy|blocked)|invalid origin|blocked by cors`)

	// BelowBodyWords name what is missing inside a body that was parsed.
	BelowBodyWords = pattern.New(`of '[^']{0,40}body\??\.[^']{1,40}' as it is`)

	// OwnTrouble are the words of a failure that has nothing to do with the request's body.
	OwnTrouble = pattern.New(`(?i)(?-i:\bE[A-Z]{5,}\b)|is not (defined|a function)|cannot find|not iterable|database|mongo|postgres|mysql|sqlite|redis|prisma|sequelize|timed? ?out|secret|StreamChat|maintenance|unavailable|bad gateway`)
)

// SaysNoSecret tells whether a response says that there is nothing to sign with.
func SaysNoSecret(a *facts.Answer) bool { return noSecretWords.MatchString(Words(a)) }

// words is the text of a response as far as it was kept, entities of error pages decoded.
var unescape = strings.NewReplacer("&#39;", "'", "&quot;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">", `\"`, `"`)

//go:noinline
func Words(a *facts.Answer) string { return unescape.Replace(a.Begin) }
