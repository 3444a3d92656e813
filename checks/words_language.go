package checks

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
)

// Rules of this file:
//   - a step for a backend in another language is in that language: what it calls, what it responds with, how it reads a variable
//   - a framework is one row of the table; what has no row gets its language's

// inLanguage puts what steps say in JavaScript into the backend's language.
func inLanguage(f *facts.Facts, r finding.Result) finding.Result {
	i, ok := parts.IdiomOf(facts.CodeOf(f))
	if !ok {
		return r
	}
	var pairs []string
	for _, x := range [][2]string{
		{"Math.floor(Date.now() / 1000)", i.Now}, {"res.json({ token }) or res.end()", i.Respond}, {"res.json({ token })", i.Respond}, {"res.json does it right", "the framework does it right"},
		{"serverClient.createToken(userId)", i.Create}, {"jwt.sign({ user_id }, secret, { algorithm: 'HS256' })", i.Sign}, {"app.listen(port) without a host", i.Listen}, {" (app.use('/api', …))", ""},
		{" nor calls next()", ""}, {", a middleware without next()", ""}, {"an await that never ends", "a call that never returns"},
	} {
		if x[1] != "" || x[0][0] == ' ' || x[0][0] == ',' {
			pairs = append(pairs, x[0], x[1])
		}
	}
	replace := strings.NewReplacer(pairs...)
	for k := range r.Causes {
		c := &r.Causes[k]
		for j := range c.Fix {
			c.Fix[j].Text = replace.Replace(c.Fix[j].Text)
		}
	}
	return r
}
