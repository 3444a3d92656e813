package checks

import (
	"slices"
	"strings"

	"badsig/checks/probe"
)

// Rules of this file:
//   - the first step begins with the place, and names the very characters wherever they are known
//   - the title names the concrete damage

// editStep is the edit that undoes what happened to a secret.
func editStep(f *probe.Facts, id CauseID, loc *Location, damages []string, inCode bool) string {
	what := ""
	switch id {
	case CauseSecretWhitespace:
		what = "remove " + whitespaceAt(damages, loc)
	case CauseSecretInvisible:
		what = "delete the value and paste the secret again: it contains an invisible character"
	case CauseSecretQuoted:
		what = "remove the quotes: this loader keeps them as part of the secret"
	case CauseSecretEncoding:
		what = "pass the secret as it is, as text: don't decode or encode it"
	case CauseSecretCase:
		what = "restore the case: Stream secrets are lowercase"
	case CauseSecretTruncated:
		what = "paste the whole secret again: a part is missing"
	case CauseSecretPadded:
		what = "remove the extra characters around the secret"
	case CauseSecretTypo:
		what = "paste the secret from the dashboard again instead of typing it"
	default:
		what = "make the secret exactly the dashboard's"
	}
	if inCode {
		switch id {
		case CauseSecretQuoted:
			what = "pass the secret itself: this code puts quotes around it"
		case CauseSecretCase:
			what = "don't change the secret's case"
		case CauseSecretTruncated:
			what = "don't cut the secret"
		case CauseSecretPadded, CauseSecretWhitespace:
			what = "pass the secret itself: this code adds characters to it"
		}
		if id == CauseSecretWhitespace {
			what += ", or doesn't trim them"
		}
	}
	if loc == nil {
		return strings.ToUpper(what[:1]) + what[1:]
	}
	return "In " + lineOf(loc.File, loc.Line) + ", " + what
}

// whitespaceAt names the whitespace of a damaged secret: "the trailing space before the closing quote".
func whitespaceAt(damages []string, loc *Location) string {
	env := loc != nil && !isJS(loc.File)
	switch {
	case has1(damages, "trailing-space"):
		if env {
			return "the trailing space before the closing quote"
		}
		return "the trailing space"
	case has1(damages, "leading-space"):
		if env {
			return "the leading space after the opening quote"
		}
		return "the leading space"
	case has1(damages, "newline"):
		return `the trailing newline (\n)`
	case has1(damages, "carriage-return", "crlf"):
		return `the carriage return (\r): save the file with LF line endings`
	case has1(damages, "tab"):
		return "the tab"
	}
	return "the whitespace that isn't part of the secret"
}

// has1 reports whether one of the damages or blemishes is, or begins with, one of the names.
func has1(list []string, names ...string) bool {
	return slices.ContainsFunc(list, func(d string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return d == n || strings.Contains(d, n) })
	})
}

// titled names the damage in the title: "The API secret ends in a space".
func titled(c *Cause, damages []string) {
	for _, d := range damages {
		if t, ok := damageTitles[d]; ok && t.id == c.ID {
			c.Title = t.title
			return
		}
	}
}

var damageTitles = map[string]struct {
	id    CauseID
	title string
}{
	"trailing-space":    {CauseSecretWhitespace, "The API secret ends in a space"},
	"leading-space":     {CauseSecretWhitespace, "The API secret begins with a space"},
	"newline":           {CauseSecretWhitespace, "The API secret ends in a newline"},
	"trailing-newline":  {CauseSecretWhitespace, "The API secret ends in a newline"},
	"carriage-return":   {CauseSecretWhitespace, "The API secret ends in a carriage return"},
	"tab":               {CauseSecretWhitespace, "The API secret contains a tab"},
	"trailing-tab":      {CauseSecretWhitespace, "The API secret ends in a tab"},
	"inner-space":       {CauseSecretWhitespace, "The API secret contains a space"},
	"nbsp":              {CauseSecretInvisible, "The API secret contains a no-break space"},
	"zero-width":        {CauseSecretInvisible, "The API secret contains a zero-width character"},
	"bom":               {CauseSecretInvisible, "The API secret begins with a byte order mark"},
	"smart-quotes":      {CauseSecretQuoted, "The API secret includes curly quotes"},
	"backticks":         {CauseSecretQuoted, "The API secret includes its backticks"},
	"semicolon":         {CauseSecretPadded, "The API secret ends in a semicolon"},
	"comma":             {CauseSecretPadded, "The API secret ends in a comma"},
	"own-name":          {CauseSecretPadded, "The API secret begins with its variable's name"},
	"doubled":           {CauseSecretPadded, "The API secret was pasted twice"},
	"json":              {CauseSecretPadded, "The API secret is wrapped in JSON"},
	"base64-decoded":    {CauseSecretEncoding, "The API secret is base64-decoded before signing"},
	"base64url-decoded": {CauseSecretEncoding, "The API secret is base64-decoded before signing"},
	"base64-encoded":    {CauseSecretEncoding, "The API secret is base64-encoded before signing"},
	"hex-decoded":       {CauseSecretEncoding, "The API secret is hex-decoded before signing"},
	"hex-encoded":       {CauseSecretEncoding, "The API secret is hex-encoded before signing"},
	"upper-case":        {CauseSecretCase, "The API secret is in uppercase"},
	"encrypted":         {CauseSecretEncoding, "The API secret is still encrypted by dotenvx"},
}
