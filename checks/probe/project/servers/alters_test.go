package servers

import (
	"testing"

	"badsig/checks/probe/jsread"
)

// TestAltersText tells what changes a request or an answer on the way from what only looks at it.
func TestAltersText(t *testing.T) {
	for src, want := range map[string]bool{
		"app.use((req, res, next) => { req.url = req.url.replace('/api', ''); next(); });":            true,
		"app.use((req, res, next) => { req.method = req.headers['x-http-method-override']; next() })": true,
		"app.use((req, res, next) => { req.body.userId = req.body.uid; next(); });":                   true,
		"app.use((req, res, next) => { res.json = (b) => send(b); next(); });":                        true,
		"app.use('/api', async (req, res) => res.json(await other(req)));":                            true,
		"app.set('json replacer', f);":                                                      true,
		"const s = z.object({ uid: z.string() }).transform((v) => v);":                      true,
		"app.use((req, res, next) => { console.log(req.method, req.url); next(); });":       false,
		"app.use('/api', (req, res, next) => { if (req.method == 'GET') next(); });":        false,
		"router.post('/token', (ctx) => { ctx.body = { token }; });":                        false,
		"app.use('/api', router);":                                                          false,
		"req.user = { id }; res.status = 3; const body = req.body; if (req.body === x) y()": false,
	} {
		if got := altersText(jsread.Words("a.js", []byte(src))); got != want {
			t.Errorf("%s: %v, want %v", src, got, want)
		}
	}
}
