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

// inLanguage puts what steps and summaries say in JavaScript into the backend's language.
func inLanguage(f *facts.Facts, r finding.Result) finding.Result {
	i, ok := parts.IdiomOf(facts.CodeOf(f))
	if !ok {
		return r
	}
	var pairs []string
	for _, x := range [][2]string{
		{"Math.floor(Date.now() / 1000)", i.Now}, {"res.json({ token }) or res.end()", i.Respond}, {"res.json({ token })", i.Respond}, {"res.json does it right", "the framework does it right"},
		{"serverClient.createToken(userId)", i.Create}, {"jwt.sign({ user_id }, secret, { algorithm: 'HS256' })", i.Sign}, {"app.listen(port) without a host", i.Listen}, {" (app.use('/api', …))", ""},
		{": if (!id) return res.status(400).json({ error: 'no user ID' })", ""}, {": if (!userId) return res.status(400).json({ error: 'userId is required' })", ""},
		{"sign { user_id: userId }", "set the claim user_id"}, {"sign { user_id: String(userId) }", "set user_id to a string"}, {" is undefined: log", " is missing: log"},
		{"undefined when it was signed, and undefined disappears from JSON", "missing when it was signed"}, {", which was undefined: JSON leaves out an undefined value, so", ", which was missing, so"},
		{" nor calls next()", ""}, {", a middleware without next()", ""}, {"an await that never ends", "a call that never returns"},
	} {
		if x[1] != "" || strings.ContainsRune(" ,:", rune(x[0][0])) {
			pairs = append(pairs, x[0], x[1])
		}
	}
	replace := strings.NewReplacer(pairs...)
	for k := range r.Causes {
		c := &r.Causes[k]
		c.Summary = replace.Replace(c.Summary)
		for j := range c.Fix {
			c.Fix[j].Text = replace.Replace(c.Fix[j].Text)
		}
	}
	return r
}
