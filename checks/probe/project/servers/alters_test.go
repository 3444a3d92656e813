package servers

import (
	"testing"

	"badsig/checks/probe/jsread"
)

// TestAltersText tells what changes a request or a response on the way from what only looks at it.
func TestAltersText(t *testing.T) {
	for src, want := range map[string]string{
		"app.use((req, res, next) => { req.url = req.url.replace('/api', ''); next(); });":            "path",
		"app.use((req, res, next) => { req.method = req.headers['x-http-method-override']; next() })": "path",
		"app.use((req, res, next) => { req.body.userId = req.body.uid; next(); });":                   "fields",
		"app.use((req, res, next) => { res.json = (b) => send(b); next(); });":                        "fields",
		"app.use('/api', async (req, res) => res.json(await other(req)));":                            "path",
		"app.use('*', (req, res) => { res.status(404).json({ message: 'not found' }); });":            "",
		"app.use('*', (req, res) => { proxy.web(req, res); });":                                       "path",
		"app.set('json replacer', f);":                                                                "fields",
		"const s = z.object({ uid: z.string() }).transform((v) => v);":                                "fields",
		"app.use((req, res, next) => { console.log(req.method, req.url); next(); });":                 "",
		"app.use('/api', (req, res, next) => { if (req.method == 'GET') next(); });":                  "",
		"router.post('/token', (ctx) => { ctx.body = { token }; });":                                  "",
		"app.use('/api', router);": "",
		"req.user = { id }; res.status = 3; const body = req.body; if (req.body === x) y()": "",
	} {
		way, fields := altersText(jsread.Words("a.js", []byte(src)))
		if way != (want == "path") || fields != (want == "fields") {
			t.Errorf("%s: path %v, fields %v, want %q", src, way, fields, want)
		}
	}
}
