package values

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file:
//   - a call signs a JWT because of the library that it is imported from, or because it is called so
//   - an argument counts by its position and meaning

// Signing is a call that signs a JWT, taken apart.
type Signing struct {
	How                      string // jwt.sign, jwt.encode, new SignJWT().sign, djwt.create
	Payload, Secret, Options jsread.Expr
}

// jwtLibraries are the packages whose sign and encode take payload and secret.
var jwtLibraries = []string{"jsonwebtoken", "jwt-simple", "njwt", "fast-jwt", "@hapi/jwt", "hono/jwt", "@tsndr/cloudflare-worker-jwt"}

// SigningOf reads jwt.sign(payload, secret, options), jwt-simple's encode, jose's
// chain and djwt's create(header, payload, key).
func SigningOf(m *modules.Module, c jsread.Call) (Signing, bool) {
	low := strings.ToLower(c.Callee)
	name, head := facts.LastName(c.Callee), strings.Split(c.Callee, ".")[0]
	if name == "signAsync" {
		name = "sign"
	}
	if full := libraryName(m, c); full != "" { // const { sign } = jwt, import { sign as makeToken }
		low, name = "jwt."+full, full
	}
	switch {
	case name == "create" && len(c.Args) == 3 && fromDjwt(m, head):
		return Signing{How: "djwt.create", Payload: c.Args[1], Secret: keyMaterial(m, c.Scope, c.Args[2]), Options: c.Args[1]}, true
	case name != "sign" && (name != "encode" || !affix.Contains(low, "jwt")):
		return Signing{}, false
	case len(c.Args) >= 2:
		if !affix.Contains(low, "jwt") && !affix.Contains(low, "jsonwebtoken") && !modules.ImportsFrom(m, head, jwtLibraries...) {
			return Signing{}, false
		}
		s := Signing{How: "jwt." + name, Payload: c.Args[0], Secret: c.Args[1]}
		options, _ := m.Resolve(c.Scope, c.Args[1].Text)
		if c.Args[1].Kind == jsread.Object {
			options = c.Args[1]
		}
		if i := slices.Index(options.Keys(), "secret"); i >= 0 { // Nest's JwtService.sign(payload, { secret, expiresIn })
			s.Secret, s.Options = options.Parts[i], c.Args[1]
		} else if len(c.Args) > 2 {
			s.Options = c.Args[2]
		}
		return s, true
	case len(c.Args) == 1 && (affix.Contains(c.Callee, "SignJWT") || c.On != nil && ChainHas(*c.On, "new SignJWT", 8)):
		s := Signing{How: "new SignJWT().sign", Secret: keyMaterial(m, c.Scope, c.Args[0])}
		if c.On != nil {
			s.Payload = ChainRoot(*c.On, "new SignJWT", 8)
		}
		return s, true
	}
	return Signing{}, false
}

// libraryName is the name that a JWT library has for what a plain name is called here; "" for none.
func libraryName(m *modules.Module, c jsread.Call) string {
	if affix.Contains(c.Callee, ".") || c.New || len(c.Args) < 2 {
		return ""
	}
	for _, i := range m.Imports {
		if n, ok := i.Names[c.Callee]; ok && facts.OneOf(jwtLibraries, i.From) && (n == "sign" || n == "encode") {
			return n
		}
	}
	v, _ := m.Resolve(c.Scope, c.Callee)                                   // what is imported is told, too, and not ok
	for ; v.Kind == jsread.CallExpr && len(v.Parts) == 1; v = v.Parts[0] { // promisify(jwt.sign)
	}
	text := v.Text
	if v.Kind == jsread.Wrapped && len(v.Parts) == 1 {
		text = v.Parts[0].Text + v.Text
	}
	head, name, _ := affix.Cut(text, ".")
	if (name == "sign" || name == "encode") && modules.ImportsFrom(m, head, jwtLibraries...) {
		return name
	}
	return ""
}

// fromDjwt tells a name of djwt's, the library that Deno's projects sign with (jsr.io/@zaubrik/djwt).
func fromDjwt(m *modules.Module, local string) bool {
	return affix.Any(m.Imports, func(i jsread.Import) bool {
		_, ok := i.Names[local]
		return ok && affix.Contains(i.From, "djwt")
	})
}

// keyMaterial is what a key is made of that crypto.subtle.importKey makes, else the expression itself.
func keyMaterial(m *modules.Module, at jsread.Scope, key jsread.Expr) jsread.Expr {
	if x, ok := importedKey(m, at, key); ok {
		return x
	}
	return key
}
