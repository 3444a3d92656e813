package parts

import (
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Passed says what is wrong with the value that a front end passes to Stream's client, and the edit that fixes it; gift is
// the field of the response that it comes from, where that is known. The ID is "" where too little is known.
func Passed(x *facts.Passed, gift *facts.Gift, requested bool) (id causes.ID, why, got, step string) {
	if id, got, step = Changed(x.How, x.As); id == causes.TokenTruncated && requested && (gift == nil || gift.Field != x.Takes) {
		return "", "", "", ""
	}
	switch x.How {
	case "prefix", "suffix", "json", "slice":
	case "promise":
		id, got, step = causes.TokenMissing, "a promise: nothing awaits "+x.As+"(…)", "write await before "+x.As+"(…)"
	case "unread":
		id, got, step = causes.TokenMissing, "a member of the response, which has no "+x.As, "read the document first: (await response.json())."+x.As
		switch x.Of {
		case "axios":
			step = "take " + x.As + " from the response's data: response.data." + x.As
		case "text":
			got, step = "a member of the response's text, which has no "+x.As, "read the response as JSON: response.json()"
		}
	case "forgotten":
		id, got, step = causes.TokenMissing, "undefined: the function that makes or requests the token returns nothing", "return the token"
	case "unset":
		id, got, step = causes.TokenMissing, x.As+", which nothing sets", "use "+x.Of+", which holds the token, instead of "+x.As
		if x.Of == "" {
			step = "hand " + x.As + " to the page: the loader's result lacks it"
		}
	case "response":
		id, got, step = causes.TokenMalformed, "the response itself", "read its JSON, and pass the field with the token"
	case "document", "text", "object":
		field := x.As
		if x.How != "object" {
			if gift == nil || gift.Text || gift.Field == "" && x.How == "document" {
				return "", "", "", ""
			}
			field = gift.Field
		}
		id, got, step = causes.TokenMalformed, "the whole response, an object", "take the field "+field+" of it"
		if x.Of != "" && field != "" {
			step = "use " + x.Of + "." + field + " instead of " + x.Of
		}
		if x.How == "text" {
			id, got, step = causes.TokenWrapped, "the whole JSON document as a string", "read the response as JSON, and take the field "+field
			switch {
			case x.As != "":
				step = "take the field " + facts.First(field, "with the token") + " of the document instead of " + x.As + "(…)"
			case field == "":
				step = "read the response as JSON: response.json()"
			}
		}
	default:
		return "", "", "", ""
	}
	why = fmt.Sprintf("The front end passes %s to %s, which Stream can't verify.", got, x.Callee)
	if id != causes.TokenTruncated && id != causes.TokenWrapped {
		why = fmt.Sprintf("The front end passes %s to %s instead of the token.", got, x.Callee)
	}
	return id, why, got, step
}

// Changed says what became of a token: how is what Gift and Passed note of it.
func Changed(how, as string) (id causes.ID, got, step string) {
	switch how {
	case "prefix", "suffix":
		return causes.TokenWrapped, fmt.Sprintf("the token with %q around it", as), fmt.Sprintf("remove %q: Stream's client needs the token alone", strings.TrimSpace(as))
	case "json":
		return causes.TokenWrapped, "the token in quotes (JSON.stringify of a string)", "remove JSON.stringify around the token"
	case "slice":
		return causes.TokenTruncated, "a part of the token (" + as + ")", "remove ." + as + "(…): the whole token is needed"
	}
	return "", "", ""
}

// DevCause judges a development token by what Stream says about the app, if it was contacted.
func DevCause(f *facts.Facts, ev []finding.Evidence) finding.Cause {
	var loc *finding.Location
	if f.Project != nil {
		for _, c := range f.Project.Calls {
			if affix.Contains(strings.ToLower(c.Callee), "devtoken") {
				loc = finding.LocAt(c.File, c.Line)
				break
			}
		}
	}
	c := finding.New(causes.TokenDev, finding.Likely, "This is a development token: its third segment is the word devtoken, not a signature. Stream accepts it only if auth checks are disabled for the app, and by default they aren't.",
		loc, ev,
		StepIn(loc, "use real tokens from your backend instead: serverClient.createToken(userId)"),
		finding.Step{Text: "Or, only for a throwaway app: Dashboard → your app → Authentication → Disable Auth Checks"})
	if f.Stream != nil && f.Stream.App != nil {
		c.Certainty = finding.Proven
		if f.Stream.App.AuthDisabled {
			c = finding.Lesser(c)
			c.Summary = "This is a development token. It works only because auth checks are disabled for the app: anyone can connect as any user."
		}
	}
	return c
}
