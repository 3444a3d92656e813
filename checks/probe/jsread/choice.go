package jsread

import (
	"strings"

	"badsig/checks/affix"
)

// chosen puts first what a choice gives while someone develops, where its
// conditions depend on nothing but the environment: a page of the dev server
// never gets the key of import.meta.env.PROD ? a : b. It also knows x ? x : y
// for what it is, x || y, and reads x ? `${x}/api` : y as that, too.
func chosen(e Expr, conditions []Expr) Expr {
	if c := conditions[0]; len(conditions) == 1 && (c.Kind == Env || c.Kind == Ident) && c.Kind == e.Parts[0].Kind && c.Text == e.Parts[0].Text {
		e.Text = "||"
		return e
	}
	if builtFrom(e.Parts[0], conditions[0]) {
		rest := e.Parts[1]
		if len(conditions) > 1 {
			rest = chosen(Expr{Kind: Either, Text: "?:", Parts: e.Parts[1:], Line: e.Parts[1].Line}, conditions[1:])
		}
		e.Text, e.Parts = "||", []Expr{e.Parts[0], rest}
		return e
	}
	first := len(e.Parts) - 1
	for i, c := range conditions {
		dev, known := develops(c)
		if !known {
			e.Both = !affix.Any(conditions, asksEnvironment)
			return e
		}
		if dev {
			first = i
			break
		}
	}
	parts := append([]Expr{e.Parts[first]}, e.Parts[:first]...)
	e.Text, e.Parts = "?dev", append(parts, e.Parts[first+1:]...)
	return e
}

// asksEnvironment tells a condition that tests, as far as it can be seen, what is set before the program runs: a
// variable of it, a constant in capital letters, the kind of machine.
func asksEnvironment(c Expr) bool {
	if c.Kind == Env || c.Kind == Ident && (setBefore(last(c.Text)) || affix.HasPrefix(c.Text, "window.") || affix.HasPrefix(c.Text, "Platform.")) {
		return true
	}
	if c.Kind == CallExpr || c.Text == "typeof" {
		return true // what it depends on isn't known
	}
	return affix.Any(c.Parts, asksEnvironment)
}

// setBefore tells a name that is written as constants are: USE_V2.
func setBefore(name string) bool {
	return len(name) > 1 && name == strings.ToUpper(name) && name != strings.ToLower(name)
}

// builtFrom tells a string that is put together from the variable that a
// condition depends on: x ? `${x}/api` : y.
func builtFrom(e, condition Expr) bool {
	if condition.Kind != Env || e.Kind != Template {
		return false
	}
	for _, x := range e.Parts {
		if x.Kind == Env && x.Text == condition.Text && x.Meta == condition.Meta {
			return true
		}
	}
	return false
}

// develops tells whether a condition holds on a developer's machine; known is
// false for one that depends on something else.
func develops(c Expr) (dev, known bool) {
	switch c.Kind {
	case Wrapped:
		if len(c.Parts) > 0 && (c.Text == "!" || c.Text == "as") {
			return develops(c.Parts[0])
		}
	case Env:
		switch {
		case c.Meta && c.Text == "PROD":
			return false, true
		case c.Meta && c.Text == "DEV":
			return true, true
		}
	case Ident:
		switch strings.ToLower(affix.ReplaceAll(last(c.Text), "_", "")) {
		case "isprod", "isproduction", "prod", "production":
			return false, true
		case "isdev", "isdevelopment", "dev", "development", "islocal":
			return true, true
		}
	case Other:
		if c.Text == "!" && len(c.Parts) == 1 {
			dev, known = develops(c.Parts[0])
			return !dev, known
		}
		if len(c.Parts) != 2 {
			return false, false
		}
		variable, value := c.Parts[0], c.Parts[1]
		if variable.Kind == Literal {
			variable, value = value, variable
		}
		if value.Kind != Literal || variable.Kind != Env && variable.Kind != Ident || !environmentName(last(variable.Text)) {
			return false, false
		}
		same := false
		switch strings.ToLower(value.Text) {
		case "development", "dev", "local":
			same = true
		case "production", "prod", "staging", "stage", "test", "preview", "qa":
		default:
			return false, false
		}
		switch c.Text {
		case "===", "==":
			return same, true
		case "!==", "!=":
			return !same, true
		}
	}
	return false, false
}

func environmentName(name string) bool {
	switch strings.ToUpper(name) {
	case "NODE_ENV", "MODE", "APP_ENV", "ENV", "ENVIRONMENT", "STAGE", "NODEENV", "VITE_ENV", "VITE_APP_ENV", "REACT_APP_ENV", "NEXT_PUBLIC_ENV", "NEXT_PUBLIC_APP_ENV", "EXPO_PUBLIC_ENV":
		return true
	}
	return false
}
