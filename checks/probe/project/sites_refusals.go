package project

import (
	"strconv"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file:
//   - a refusal is a status from 401 to 499, or an error that says so, where a condition leads to it

// refuses gives the status with which a stretch of a function ends a request,
// and its line; 0 where it does not.
func (g *guarding) refuses(m *modules.Module, f modules.FnRef, from, to int) (status, line int) {
	if to <= from {
		return 0, 0
	}
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			c := &list[i]
			if c.At <= from || c.At > to+1 || !m.Inside(c.Scope, f.Fn.Own) {
				continue
			}
			if n := statusOf(c.Callee, c.Args); n >= 400 && n < 500 {
				return n, c.Line
			}
			if name := facts.LastName(c.Callee); name == "redirect" || name == "redirectToSignIn" {
				return 302, c.Line
			}
		}
	}
	for _, x := range f.Fn.Throws {
		if x.At > from && x.At <= to+1 {
			if n := anyStatus(x.Expr); n >= 400 && n < 500 {
				return n, x.Line
			}
			if x.Kind == jsread.CallExpr && len(x.Parts) > 0 {
				if t := strings.ToLower(x.Parts[0].Text); strings.Contains(t, "unauth") || strings.Contains(t, "not auth") || strings.Contains(t, "log in") || strings.Contains(t, "sign in") || strings.Contains(t, "forbidden") {
					return 401, x.Line
				}
			}
		}
	}
	return 0, 0
}

// statusOf reads the status of an answer: res.status(401), new Response(”, { status: 401 }), c.json({}, 401).
func statusOf(callee string, args []jsread.Expr) int {
	number := func(e jsread.Expr) int {
		n, _ := strconv.Atoi(e.Text)
		if e.Kind != jsread.Number {
			return 0
		}
		return n
	}
	in := func(e jsread.Expr) int {
		for i, k := range e.Keys {
			if k == "status" || k == "statusCode" {
				return number(e.Parts[i])
			}
		}
		return 0
	}
	name := facts.LastName(callee)
	switch name {
	case "next": // next(new HttpError(401))
		if len(args) > 0 && args[0].Kind == jsread.CallExpr {
			return anyStatus(args[0])
		}
	case "UnauthorizedException", "ForbiddenException", "NotAuthenticated":
		return 401
	case "sendStatus", "status", "code", "writeHead", "error", "throw", "abort", "fail", "HTTPException", "HttpException", "createError", "createHttpError":
		for _, a := range args {
			if n := number(a); n > 0 {
				return n
			}
			if n := in(a); n > 0 {
				return n
			}
		}
	case "json", "Response", "text", "NextResponse", "body":
		for _, a := range args[min(1, len(args)):] {
			if n := number(a); n > 0 {
				return n
			}
			if n := in(a); n > 0 {
				return n
			}
		}
	case "HttpsError":
		if len(args) > 0 && (args[0].Text == "unauthenticated" || args[0].Text == "permission-denied" || args[0].Text == "failed-precondition") {
			return 401
		}
	case "TRPCError", "GraphQLError":
		for _, a := range args {
			for i, k := range a.Keys {
				if k == "code" && (a.Parts[i].Text == "UNAUTHORIZED" || a.Parts[i].Text == "FORBIDDEN") {
					return 401
				}
			}
		}
	}
	return 0
}

// anyStatus is a status of refusal among the arguments of an error that a
// project makes in its own way: new ApiError(401, 'sign in').
func anyStatus(e jsread.Expr) int {
	if n := statusOf(e.Text, e.Parts); n > 0 {
		return n
	}
	for _, a := range e.Parts {
		if a.Kind == jsread.Number && (a.Text == "401" || a.Text == "403") {
			n, _ := strconv.Atoi(a.Text)
			return n
		}
	}
	return 0
}
