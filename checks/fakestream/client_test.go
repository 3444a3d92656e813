package fakestream_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"badsig/checks/fakestream"
	"badsig/checks/fakestream/socket"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/nodetest"
	"badsig/tokens"
)

// Invented for these tests; no Stream app has them.
var (
	good  = tokens.NewSecret([]byte("q7w8e9r2t3y4u5p6a7s8d9f2g3h4j5k6z7x8c9v2b3n4m5q6w7e8r9t2y3u4p5a6"))
	other = tokens.NewSecret([]byte(strings.Repeat("z", 64)))
)

const key, suspended, unchecked, unknown = "abcdefgh2345", "suspended234", "unchecked234", "nobodyknows2"

func start(t *testing.T) (*fakestream.Server, string) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	s := fakestream.New(fakestream.Options{Accept: socket.Accept, Apps: map[string]fakestream.App{
		key:       {Secret: good, ID: 77, Name: "Shop", Users: map[string]string{"jane": "Jane", "joe": "Joe"}},
		suspended: {Secret: good, Suspended: true},
		unchecked: {Secret: good, AuthDisabled: true},
	}})
	url, stop, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		eventually.NothingLeft(t, before)
	})
	return s, url
}

func mint(t *testing.T, s tokens.Secret, user string, at time.Time, o tokens.MintOptions) string {
	t.Helper()
	jws, err := tokens.Mint(s, user, at, o)
	if err != nil {
		t.Fatal(err)
	}
	return jws
}

// The real client is the judge: what it makes of each response.
const script = `
import { StreamChat } from 'stream-chat'
const [base, cases] = [process.argv[2], JSON.parse(process.argv[3])]
const seen = async f => {
  try { return { ok: await f() } } catch (e) {
    let p = {}
    try { p = JSON.parse(e.message) } catch {}
    return { code: e.code ?? p.code, status: e.status ?? p.StatusCode, message: p.message ?? e.message }
  }
}
const out = []
for (const c of cases) {
  const make = secret => new StreamChat(c.Key, secret, { baseURL: base, allowServerSideConnect: true, warmUp: false, timeout: 5000 })
  const server = make('x')
  server.tokenManager.getToken = () => c.Token
  const client = make(undefined)
  const r = {
    app: await seen(async () => (await server.getAppSettings()).app),
    users: await seen(async () => (await server.queryUsers({ id: { $in: ['jane', 'nobody'] } })).users.map(u => u.name).join()),
    connect: await seen(async () => {
      // With a provider the client requests again and again after code 40; without one it reads the token first.
      const looks = c.Token.split('.').length === 3
      const hello = await client.connectUser({ id: c.User, name: 'Jane' }, looks ? c.Token : async () => c.Token)
      return hello.type + ' ' + hello.me.id + ' ' + client.userID + ' ' + !!client.wsConnection.connectionID
    }),
  }
  await client.disconnectUser(200)
  out.push(r)
}
console.log(JSON.stringify(out))
process.exit(0)`

func TestTheRealClient(t *testing.T) {
	t.Parallel()
	s, base := start(t)
	now := time.Now()
	hour := tokens.MintOptions{}
	type in struct{ Name, Key, Token, User string }
	type no struct {
		code, status int
		text         string
	}
	cases := []struct {
		in
		no
	}{
		{in{"accepted", key, mint(t, good, "jane", now, hour), "jane"}, no{}},
		{in{"accepted without exp", key, mint(t, good, "jane", now, tokens.MintOptions{NoIAT: true, Lifetime: -1}), "jane"}, no{}},
		{in{"unchecked app takes any signature", unchecked, mint(t, other, "jane", now, hour), "jane"}, no{}},
		{in{"unknown key", unknown, mint(t, good, "jane", now, hour), "jane"}, no{2, 401, "api_key not valid"}},
		{in{"not a token", key, "garbage", "jane"}, no{5, 401, "token contains an invalid number of segments"}},
		{in{"an object", key, "[object Object]", "jane"}, no{5, 401, "token contains an invalid number of segments"}},
		{in{"expired", key, mint(t, good, "jane", now.Add(-2*time.Hour), hour), "jane"}, no{40, 401, "token is expired (exp)"}},
		{in{"not yet", key, mint(t, good, "jane", now, tokens.MintOptions{Extra: map[string]any{"nbf": now.Unix() + 900}}), "jane"}, no{41, 401, "token not valid yet (nbf)"}},
		{in{"from the future", key, mint(t, good, "jane", now.Add(time.Hour), hour), "jane"}, no{42, 401, "token used before issue at (iat)"}},
		{in{"wrong secret", key, mint(t, other, "jane", now, hour), "jane"}, no{43, 401, `signature is not valid. Make sure the token is created using the secret for API key "` + key + `"`}},
		{in{"suspended", suspended, mint(t, good, "jane", now, hour), "jane"}, no{99, 403, ""}},
	}
	var ins []in
	for _, c := range cases {
		ins = append(ins, c.in)
	}
	arg, err := json.Marshal(ins)
	if err != nil {
		t.Fatal(err)
	}
	type answer struct {
		OK      any
		Code    int
		Status  int
		Message string
	}
	var got []map[string]answer
	if err := json.Unmarshal([]byte(nodetest.Run(t, script, base, string(arg))), &got); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if c.code == 0 {
				if app, _ := got[i]["app"].OK.(map[string]any); app["name"] == nil {
					t.Errorf("getAppSettings: %+v", got[i]["app"])
				}
				want := "Jane"
				if c.Key != key {
					want = "" // that app has no users yet
				}
				if got[i]["users"].OK != want {
					t.Errorf("queryUsers: %+v, want %q", got[i]["users"], want)
				}
				if got[i]["connect"].OK != "health.check jane jane true" {
					t.Errorf("connectUser: %+v", got[i]["connect"])
				}
				return
			}
			for call, a := range got[i] {
				if a.OK != nil || a.Code != c.code || a.Status != c.status || !strings.Contains(strings.ReplaceAll(a.Message, `\"`, `"`), c.text) {
					t.Errorf("%s: got %+v, want code %d, status %d, text %q", call, a, c.code, c.status, c.text)
				}
			}
		})
	}
	for _, r := range s.Requests() {
		if !strings.Contains(r.Client, "stream-chat") || r.AuthType != "jwt" {
			t.Errorf("%s %s came without the client's marks: %+v", r.Method, r.Path, r)
		}
	}
}

// One real client renames a user through a server token and reads it back.
func TestUpsertUsers(t *testing.T) {
	t.Parallel()
	_, base := start(t)
	got := nodetest.Run(t, `
import { StreamChat } from 'stream-chat'
const c = new StreamChat('`+key+`', process.argv[3], { baseURL: process.argv[2] })
await c.upsertUsers([{ id: 'ann', name: 'Ann' }])
console.log((await c.queryUsers({ id: 'ann' })).users[0].name, (await c.getAppSettings()).app.organization !== undefined)`,
		base, "q7w8e9r2t3y4u5p6a7s8d9f2g3h4j5k6z7x8c9v2b3n4m5q6w7e8r9t2y3u4p5a6")
	if got != "Ann true" {
		t.Errorf("got %q", got)
	}
}
