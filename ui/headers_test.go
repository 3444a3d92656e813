package ui

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/inspect"
	"badsig/tokens"
)

// asked records the targets of the runs.
func asked(t testing.TB, targets *[]facts.Target, sc *scene) Runner {
	run := runner(sc)
	return func(ctx context.Context, tg facts.Target, o checks.Options) <-chan checks.Event {
		*targets = append(*targets, tg)
		return run(ctx, tg, o)
	}
}

// realInspect is what the program looks at pastes with.
func realInspect(text string) Inspection {
	f := (&inspect.Inspector{}).Inspect(context.Background(), text)
	return Inspection{Kind: f.Is, Lines: f.Says, Token: f.Inspection.Token(), APIKey: f.DashboardKey(), UserID: f.UserID, UserName: f.UserName,
		URL: f.Endpoint(), Header: f.Header, Method: f.Method, Body: f.Body()}
}

// A session that is typed is the request's from then on, and no frame shows it.
func TestAHeaderIsSentAndNeverShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var targets []facts.Target
		sc := rejected(t)
		d := drive(t, Options{Run: asked(t, &targets, sc)}, 120, 36, sc)
		const value = "session=Hx7sessionvalue"
		d.keys("h")
		d.sees("Header or cookie")
		for _, r := range "Cookie: " + value {
			d.keys(string(r))
			d.misses("Hx7", "sessionvalue")
		}
		d.sees("Cookie: •••")
		d.keys("enter")
		if got := targets[len(targets)-1].Header.Get("Cookie"); got != value {
			t.Errorf("the request has the cookie %q", got)
		}
		d.sees("rechecking with Cookie")
		d.keys("h")
		d.sees("Sent now", "Cookie", "23 characters")
		d.misses("sessionvalue")
		d.paste("Authorization: Bearer abc\r\nX-Tenant: nine")
		want := http.Header{"Cookie": {value}, "Authorization": {"Bearer abc"}, "X-Tenant": {"nine"}}
		got := targets[len(targets)-1].Header
		for n := range want {
			if got.Get(n) != want.Get(n) {
				t.Errorf("%s is %q", n, got.Get(n))
			}
		}
		d.keys("h", "Cookie:", "enter")
		if got := targets[len(targets)-1].Header; got.Get("Cookie") != "" || got.Get("X-Tenant") != "nine" {
			t.Errorf("without the cookie: %v", got)
		}
		n := len(targets)
		d.keys("h", "nothing", "enter")
		d.sees("must be 'Name: value'")
		if len(targets) != n {
			t.Error("a line that isn't a header started a run")
		}
	})
}

// A pasted cURL is the request as it was; its login isn't Stream's token.
func TestAPastedCurlIsTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var targets []facts.Target
		sc := rejected(t)
		d := drive(t, Options{Run: asked(t, &targets, sc), Inspect: realInspect}, 120, 36, sc)
		login := mustMint(strings.ReplaceAll(appSecret, "m4x8", "w2k9"), "test123", noon)
		d.keys("p")
		d.paste("curl 'http://localhost:3001/api/token?x=1' -X PUT -H 'Authorization: Bearer " + login + "' -b 'sid=abcd1234efgh' --data-raw '{\"userId\":\"ada\",\"room\":7}'")
		d.misses(strings.Split(login, ".")[2], "abcd1234efgh")
		d.keys("enter")
		got := targets[len(targets)-1]
		if got.Method != "PUT" || string(got.Data) != `{"userId":"ada","room":7}` || got.Header.Get("Cookie") != "sid=abcd1234efgh" ||
			got.Header.Get("Authorization") != "Bearer "+login || got.URL != "http://localhost:3001/api/token?x=1" || got.UserID != "ada" {
			t.Errorf("the request isn't the pasted one: %s %s %s %q", got.Method, got.URL, got.Data, got.UserID)
		}
		if got.Token != "" {
			t.Error("the session became the browser's token")
		}
	})
}

// The key in Stream's error is the browser's: it isn't taken for the dashboard's.
func TestTheKeyInAnErrorIsTheBrowsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var targets []facts.Target
		sc := rejected(t)
		d := drive(t, Options{Run: asked(t, &targets, sc), Inspect: realInspect}, 120, 36, sc)
		d.keys("p")
		d.paste(`{"code":5,"message":"JWTAuth error: signature is not valid. Make sure you're using the correct API secret","StatusCode":401,"api_key":"q8w7e6r5t4y3"}` + "\napi_key=q8w7e6r5t4y3")
		d.keys("enter")
		for _, tg := range targets {
			if tg.APIKey == tokens.APIKey("q8w7e6r5t4y3") {
				t.Fatal("the error's key became the dashboard's")
			}
		}
	})
}
