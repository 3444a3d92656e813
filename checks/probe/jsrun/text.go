package jsrun

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"badsig/checks/affix"
)

// separator is between the items of a list, which splitting a text gives.
const separator = "\x00"

func (m *machine) item(v, i Value) Value {
	if m.off > 0 {
		return Value{}
	}
	n, err := strconv.Atoi(i.Text)
	items := strings.Split(v.Text, separator)
	if v.Kind == Text {
		items = strings.Split(v.Text, "")
	}
	if err != nil || v.Kind != Text && v.Kind != list {
		stop()
	}
	if n < 0 || n >= len(items) {
		return Value{}
	}
	return Value{items[n], Text}
}

func (m *machine) member(v Value, name string) Value {
	switch {
	case m.off > 0:
	case name == "length" && v.Kind == Text:
		return Value{strconv.Itoa(len(v.Text)), Number}
	case v.Kind == address:
		u, _ := url.Parse(v.Text)
		switch name {
		case "origin":
			return Value{u.Scheme + "://" + u.Host, Text}
		case "href":
			return Value{v.Text, Text}
		case "pathname":
			return Value{u.Path, Text}
		case "host":
			return Value{u.Host, Text}
		case "hostname":
			return Value{u.Hostname(), Text}
		case "port":
			return Value{u.Port(), Text}
		case "protocol":
			return Value{u.Scheme + ":", Text}
		}
		stop()
	default:
		stop()
	}
	return Value{}
}

// resolved is new URL(path, base).
func (m *machine) resolved(args []Value) Value {
	if m.off > 0 {
		return Value{}
	}
	if len(args) == 0 || len(args) > 2 {
		stop()
	}
	u, err := url.Parse(args[0].text())
	if err == nil && len(args) == 2 {
		var base *url.URL
		if base, err = url.Parse(args[1].text()); err == nil {
			u = base.ResolveReference(u)
		}
	}
	if err != nil || u.Host == "" {
		stop()
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return Value{u.String(), address}
}

// method computes a text's method.
func method(v Value, name string, args []Value) Value {
	arg := func(i int) string {
		if i >= len(args) || args[i].Kind != Text {
			stop()
		}
		return args[i].Text
	}
	if v.Kind == pattern && name == "test" {
		return flag(compiled(v.Text).MatchString(arg(0)))
	}
	if v.Kind == address && (name == "toString" || name == "toJSON") {
		return Value{v.Text, Text}
	}
	if v.Kind != Text {
		stop()
	}
	s := v.Text
	switch name {
	case "trim":
		s = strings.TrimSpace(s)
	case "trimEnd":
		s = strings.TrimRight(s, " \t\r\n")
	case "trimStart":
		s = strings.TrimLeft(s, " \t\r\n")
	case "toLowerCase":
		s = strings.ToLower(s)
	case "toString", "valueOf":
	case "concat":
		for i := range args {
			s += arg(i)
		}
	case "startsWith":
		return flag(affix.HasPrefix(s, arg(0)))
	case "endsWith":
		return flag(affix.HasSuffix(s, arg(0)))
	case "includes":
		return flag(affix.Contains(s, arg(0)))
	case "split":
		return Value{affix.ReplaceAll(s, arg(0), separator), list}
	case "charAt":
		return (&machine{}).item(v, args[0])
	case "slice", "substring":
		s = cut(s, args)
	case "replace", "replaceAll":
		if len(args) != 2 || affix.Contains(arg(1), "$") {
			stop()
		}
		switch {
		case args[0].Kind == Text && name == "replace":
			s = strings.Replace(s, args[0].Text, args[1].Text, 1)
		case args[0].Kind == Text:
			s = affix.ReplaceAll(s, args[0].Text, args[1].Text)
		case args[0].Kind != pattern:
			stop()
		default:
			s = replaced(s, args[0].Text, args[1].Text)
		}
	default:
		stop()
	}
	return Value{s, Text}
}

func cut(s string, args []Value) string {
	ends := []int{0, len(s)}
	for i, a := range args {
		n, err := strconv.Atoi(a.Text)
		if err != nil || i > 1 || a.Kind != Number {
			stop()
		}
		if n < 0 {
			n += len(s)
		}
		ends[i] = max(0, min(n, len(s)))
	}
	return s[ends[0]:max(ends[0], ends[1])]
}

// compiled is a regular expression between slashes.
func compiled(text string) *regexp.Regexp {
	end := strings.LastIndexByte(text, '/')
	if end < 1 {
		stop()
	}
	expr := text[1:end]
	if affix.Contains(text[end:], "i") {
		expr = "(?i)" + expr
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		stop()
	}
	return re
}

func replaced(s, expr, with string) string {
	re := compiled(expr)
	if affix.Contains(expr[strings.LastIndexByte(expr, '/'):], "g") {
		return re.ReplaceAllLiteralString(s, with)
	}
	if at := re.FindStringIndex(s); at != nil {
		return s[:at[0]] + with + s[at[1]:]
	}
	return s
}
