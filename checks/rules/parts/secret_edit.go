package parts

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file:
//   - the first step begins with the place, and names the very characters wherever they are known
//   - the title says what exactly is wrong

// EditStep is the edit that undoes what happened to a secret.
func EditStep(f *facts.Facts, id causes.ID, loc *finding.Location, damages []string, inCode bool) string {
	what := ""
	switch id {
	case causes.SecretWhitespace:
		what = "remove " + whitespaceAt(damages, loc)
	case causes.SecretInvisible:
		what = "delete the value and paste the secret again: it contains an invisible character"
	case causes.SecretQuoted:
		what = "remove the quotes: this loader keeps them as part of the secret"
	case causes.SecretEncoding:
		what = "pass the secret as it is, as text: don't decode or encode it"
	case causes.SecretCase:
		what = "restore the case: Stream secrets are lowercase"
	case causes.SecretTruncated:
		what = "paste the complete secret again: part of it is missing"
	case causes.SecretPadded:
		what = paddingOf(damages)
	case causes.SecretTypo:
		what = "paste the secret from the dashboard again instead of typing it"
	default:
		what = "make the secret exactly the dashboard's"
	}
	if inCode {
		switch id {
		case causes.SecretQuoted:
			what = "pass the secret itself: this code puts quotes around it"
		case causes.SecretCase:
			what = "don't change the secret's case"
		case causes.SecretTruncated:
			what = "don't cut the secret"
		case causes.SecretPadded, causes.SecretWhitespace:
			what = "pass the secret itself: this code adds characters to it"
		}
		if id == causes.SecretWhitespace {
			what += ", or doesn't trim them"
		}
	}
	if loc == nil {
		return strings.ToUpper(what[:1]) + what[1:]
	}
	return "In " + LineOf(loc.File, loc.Line) + ", " + what
}

// paddingOf is how the characters around a secret go away.
func paddingOf(damages []string) string {
	switch {
	case has1(damages, "doubled"):
		return "delete the second copy of the secret"
	case has1(damages, "own-name"):
		return "remove the variable's name and the = before the secret"
	case has1(damages, "json"):
		return "pass only the secret, not the JSON around it"
	case has1(damages, "semicolon"):
		return "remove the semicolon after the secret"
	case has1(damages, "comma"):
		return "remove the comma after the secret"
	case has1(damages, facts.AsWritten):
		return "remove what follows the secret on its line"
	}
	return "remove the extra characters around the secret"
}

// whitespaceAt names the whitespace of a corrupted secret: "the trailing space before the closing quote".
func whitespaceAt(damages []string, loc *finding.Location) string {
	env := loc != nil && !IsJS(loc.File)
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
//
//go:noinline
func has1(list []string, names ...string) bool {
	return affix.Any(list, func(d string) bool {
		return affix.Any(names, func(n string) bool { return d == n || affix.Contains(d, n) })
	})
}

// Titled says in the title what exactly is wrong: "The API secret ends in a space".
func Titled(c *finding.Cause, damages []string) {
	for _, d := range damages {
		if t, ok := damageTitles[d]; ok && t.id == c.ID {
			c.Title = t.title
			return
		}
	}
	says := facts.Says(damages)
	says, plus := affix.CutPrefix(says, "plus ")
	says, with := affix.CutPrefix(says, "with ")
	for _, at := range [...][2]string{{" at its end", "ends in "}, {" before it", "begins with "}, {" around it", "is wrapped in "}} {
		if what, found := strings.CutSuffix(says, at[0]); found && (plus || with) && len(what) < 32 && !affix.Contains(what, ", ") {
			c.Title = "The API secret " + at[1] + what
		}
	}
}

var damageTitles = map[string]struct {
	id    causes.ID
	title string
}{
	"trailing-space":    {causes.SecretWhitespace, "The API secret ends in a space"},
	"leading-space":     {causes.SecretWhitespace, "The API secret begins with a space"},
	"newline":           {causes.SecretWhitespace, "The API secret ends in a newline"},
	"trailing-newline":  {causes.SecretWhitespace, "The API secret ends in a newline"},
	"carriage-return":   {causes.SecretWhitespace, "The API secret ends in a carriage return"},
	"tab":               {causes.SecretWhitespace, "The API secret contains a tab"},
	"trailing-tab":      {causes.SecretWhitespace, "The API secret ends in a tab"},
	"inner-space":       {causes.SecretWhitespace, "The API secret contains a space"},
	"nbsp":              {causes.SecretInvisible, "The API secret contains a no-break space"},
	"zero-width":        {causes.SecretInvisible, "The API secret contains a zero-width character"},
	"bom":               {causes.SecretInvisible, "The API secret begins with a byte order mark"},
	"smart-quotes":      {causes.SecretQuoted, "The API secret includes curly quotes"},
	"backticks":         {causes.SecretQuoted, "The API secret includes its backticks"},
	"semicolon":         {causes.SecretPadded, "The API secret ends in a semicolon"},
	"comma":             {causes.SecretPadded, "The API secret ends in a comma"},
	"own-name":          {causes.SecretPadded, "The API secret begins with its variable's name"},
	"doubled":           {causes.SecretPadded, "The API secret was pasted twice"},
	"json":              {causes.SecretPadded, "The API secret is wrapped in JSON"},
	"base64-decoded":    {causes.SecretEncoding, "The API secret is base64-decoded before signing"},
	"base64url-decoded": {causes.SecretEncoding, "The API secret is base64-decoded before signing"},
	"base64-encoded":    {causes.SecretEncoding, "The API secret is base64-encoded before signing"},
	"hex-decoded":       {causes.SecretEncoding, "The API secret is hex-decoded before signing"},
	"hex-encoded":       {causes.SecretEncoding, "The API secret is hex-encoded before signing"},
	"upper-case":        {causes.SecretCase, "The API secret is in uppercase"},
	"encrypted":         {causes.SecretEncoding, "The API secret is still encrypted by dotenvx"},

	"trailing-cr":        {causes.SecretWhitespace, "The API secret ends in a carriage return"},
	"trailing-crlf":      {causes.SecretWhitespace, "The API secret ends in a Windows newline"},
	"leading-tab":        {causes.SecretWhitespace, "The API secret begins with a tab"},
	"leading-newline":    {causes.SecretWhitespace, "The API secret begins with a newline"},
	"surrounding-spaces": {causes.SecretWhitespace, "The API secret has a space on both sides"},
	"double-quoted":      {causes.SecretQuoted, "The API secret includes its double quotes"},
	"single-quoted":      {causes.SecretQuoted, "The API secret includes its single quotes"},
	"trailing-semicolon": {causes.SecretPadded, "The API secret ends in a semicolon"},
	"trailing-comma":     {causes.SecretPadded, "The API secret ends in a comma"},
	"more-characters":    {causes.SecretPadded, "The API secret has more characters before or after it"},
	"extra-last":         {causes.SecretPadded, "The API secret has an extra last character"},
	"extra-first":        {causes.SecretPadded, "The API secret has an extra first character"},
	facts.AsWritten:      {causes.SecretPadded, "The API secret includes the rest of its line"},
	"cut-end":            {causes.SecretTruncated, "The API secret is missing its last characters"},
	"cut-start":          {causes.SecretTruncated, "The API secret is missing its first characters"},
	"char-replaced":      {causes.SecretTypo, "One character of the API secret is wrong"},
	"char-missing":       {causes.SecretTypo, "One character of the API secret is missing"},
	"char-extra":         {causes.SecretTypo, "The API secret has one character too many"},
	"chars-swapped":      {causes.SecretTypo, "Two characters of the API secret are swapped"},
}
