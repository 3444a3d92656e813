package servers

import (
	"strconv"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// StatusOf reads the status of a response: res.status(401), new Response(”, { status: 401 }), c.json({}, 401).
func StatusOf(callee string, args []jsread.Expr) int {
	number := func(e jsread.Expr) int {
		n, _ := strconv.Atoi(e.Text)
		if e.Kind != jsread.Number {
			return 0
		}
		return n
	}
	in := func(e jsread.Expr) int {
		for i, k := range e.Keys() {
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
			return AnyStatus(args[0])
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
			for i, k := range a.Keys() {
				if k == "code" && (a.Parts[i].Text == "UNAUTHORIZED" || a.Parts[i].Text == "FORBIDDEN") {
					return 401
				}
			}
		}
	}
	return 0
}

// AnyStatus is a status of refusal among the arguments of an error that a
// project makes in its own way: new ApiError(401, 'sign in').
func AnyStatus(e jsread.Expr) int {
	if n := StatusOf(e.Text, e.Parts); n > 0 {
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
