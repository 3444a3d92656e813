package cures

import (
	"slices"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file:
//   - a token that is made to live gets an hour, where the code names no time that could be meant
//   - only an option or a claim with a constant, or with the present time, is edited

// times proposes for how long a token lives, and from when on.
func (x *View) times(c *finding.Cause) []Proposal {
	if c.Location == nil || c.Location.Line == 0 || x.Facts.Project == nil || !affix.HasSuffix(envRead(c.Location.File, "X"), ".X") {
		return nil
	}
	var out list
	for _, at := range claimLines(x.Facts, c) {
		line := x.Line(at.File, at.Line)
		all := place{file: at.File, line: at.Line, text: line, to: len(line)}
		switch c.ID {
		case causes.NBFFuture:
			for _, name := range []string{"notBefore", "nbf"} {
				if p, ok := field(all, name); ok {
					out.add(p, "", "remove "+name+", so that the token is valid immediately")
				}
			}
			if use := strings.TrimSpace(line); affix.HasPrefix(use, ".setNotBefore(") && closing(use, len(".setNotBefore")) == len(use)-1 {
				out = append(out, one(x.deleteLine(at.File, at.Line), in(at.File, at.Line)+"remove "+use+", so that the token is valid immediately"))
			}
		case causes.EXPTooShort:
			for _, p := range expressions(all, "expiresIn", -1) {
				if affix.HasPrefix(p.inner(), "process.env.") && x.digits(affix.TrimPrefix(p.inner(), "process.env.")) >= 60 {
					out.add(p, "Number("+p.inner()+")", "pass expiresIn as a number of seconds: a string of digits counts milliseconds")
				}
				if constant(p.inner()) {
					out.add(p, "'1h'", "let the token live for an hour: expiresIn: '1h'")
				}
			}
		case causes.TokenExpired:
			for _, p := range expressions(all, "expiresIn", -1) {
				if constant(p.inner()) {
					out.add(p, "'1h'", "let the token live for an hour: expiresIn: '1h'")
				}
			}
			for _, p := range expressions(all, "exp", 1) {
				before, ok := affix.CutPrefix(p.inner(), nowSeconds+" - ")
				if constant(p.inner()) || ok && constant(before) {
					out.add(p, nowSeconds+" + 3600", "let the token live for an hour: "+nowSeconds+" + 3600")
				}
			}
		}
	}
	return out
}

// constant tells a number, and a string of one with its unit.
func constant(text string) bool {
	text = strings.Trim(text, "'\"`")
	return text != "" && text[0] >= '0' && text[0] <= '9' && strings.Trim(text, "0123456789_smhd ") == ""
}

// digits is the number that an env file sets a variable to; -1 for none.
func (x *View) digits(name string) int {
	if x.Facts.Server == nil {
		return -1
	}
	for _, file := range x.Facts.Server.Loaded {
		for _, l := range x.lines(file) {
			if at := assigned(l, name); at >= 0 {
				if n, err := strconv.Atoi(strings.Trim(l[at:], " \t\r\"'")); err == nil {
					return n
				}
			}
		}
	}
	return -1
}

// field is a field of an object with its comma.
func field(all place, name string) (place, bool) {
	for _, p := range paths(all.file, all.text, all.line) {
		if p.inner() != name || !affix.HasPrefix(all.text[p.to:], ":") {
			continue
		}
		p.to = expression(all, p.to+1).to
		rest := all.text[p.to:]
		switch before := strings.TrimRight(all.text[:p.from], " "); {
		case affix.HasPrefix(rest, ", "):
			p.to += 2
		case affix.HasPrefix(rest, ","):
			p.to++
		case affix.HasSuffix(before, ","):
			p.from = len(before) - 1
		case !affix.HasSuffix(before, "{"):
			return p, false
		}
		return p, true
	}
	return all, false
}

// userToken proposes a user's token where the code makes one for the server, or for development.
func (x *View) userToken(c *finding.Cause) []Proposal {
	if c.Location == nil || c.Location.Line == 0 || x.Facts.Project == nil || !affix.HasSuffix(envRead(c.Location.File, "X"), ".X") {
		return nil
	}
	var out []Proposal
	var places []facts.Place
	for _, s := range x.Facts.Project.Sites {
		places = append(places, s.Place)
	}
	for _, call := range x.Facts.Project.Calls { // a front end has no secret to sign with
		if call.Role == facts.RoleServer {
			places = append(places, facts.Place{File: call.File, Line: call.Line})
		}
	}
	for i, at := range places {
		if slices.Contains(places[:i], at) {
			continue
		}
		line := x.Line(at.File, at.Line)
		for _, p := range paths(at.File, line, at.Line) {
			open := p.to
			if line[open:] == "" || line[open] != '(' {
				continue
			}
			switch name := facts.LastName(p.inner()); {
			case c.ID == causes.TokenDev && name == "devToken":
				out = append(out, one(p.sub(p.to-len("devToken"), p.to).edit("createToken"), in(at.File, at.Line)+"call createToken, which signs with the API secret, instead of devToken"))
			case c.ID == causes.TokenServer && name == "sign":
				id := x.parameter(at)
				first := expression(p.sub(0, len(line)), open+1)
				switch obj := affix.ReplaceAll(first.inner(), " ", ""); {
				case id == "":
				case obj == "{}", obj == "{server:true}":
					put := "{ user_id: " + id + " }"
					out = append(out, first.proposal(put, in(at.File, at.Line)+"sign "+put+": a user's token has the user's ID, and a server's doesn't belong into a browser"))
				case affix.HasPrefix(obj, "{server:true,"):
					if f, ok := field(p.sub(0, len(line)), "server"); ok {
						out = append(out, f.proposal("user_id: "+id+", ", in(at.File, at.Line)+"sign user_id: "+id+" instead of server: true"))
					}
				}
			}
		}
	}
	return out
}

// parameter is the parameter or variable above a line that is named as a user's ID is; "" for none.
func (x *View) parameter(at facts.Place) string {
	for n := at.Line; n > 0 && n > at.Line-8; n-- {
		line := x.Line(at.File, n)
		for _, p := range paths(at.File, line, n) {
			if facts.OneOf([]string{"userId", "userID", "user_id", "uid"}, p.inner()) && (affix.Contains(line[:p.from], "(") || affix.Contains(line[:p.from], "const ")) && n < at.Line {
				return p.inner()
			}
		}
		if affix.Contains(line, "function") || affix.Contains(line, "=> {") {
			return ""
		}
	}
	return ""
}
