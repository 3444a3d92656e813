package nodetest

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"badsig/tokens"
)

// Invented for these tests; no Stream app has them.
const secretText = "q7w8e9r2t3y4u5p6a7s8d9f2g3h4j5k6z7x8c9v2b3n4m5q6w7e8r9t2y3u4p5a6"

func signedBy(t *testing.T, jws, secret string) bool {
	t.Helper()
	s := tokens.FindSigner(context.Background(), tokens.Parse(jws),
		[]tokens.Candidate{{ID: 7, Secret: tokens.NewSecret([]byte(secret))}})
	return len(s.Hits) == 1 && s.Hits[0].Candidate == 7 && len(s.Hits[0].Damages) == 0
}

// What the SDKs of Stream issue parses without a flaw and verifies.
func TestTokensOfStreamsSDKs(t *testing.T) {
	t.Parallel()
	var got map[string]string
	out := Run(t, `
import { StreamChat } from 'stream-chat'
import { StreamClient } from '@stream-io/node-sdk'
import jwt from 'jsonwebtoken'
import { SignJWT } from 'jose'
const s = process.argv[2], now = Math.floor(Date.now() / 1000)
const chat = new StreamChat('abcdefgh2345', s), node = new StreamClient('abcdefgh2345', s)
console.log(JSON.stringify({
  'createToken': chat.createToken('jane'),
  'createToken exp': chat.createToken('jane', now + 3600),
  'createToken exp iat': chat.createToken('jane', now + 3600, now),
  'generateUserToken': node.generateUserToken({ user_id: 'jane' }),
  'generateUserToken validity': node.generateUserToken({ user_id: 'jane', validity_in_seconds: 7200 }),
  'jsonwebtoken': jwt.sign({ user_id: 'jane' }, s, { algorithm: 'HS256', expiresIn: '1h' }),
  'jose': await new SignJWT({ user_id: 'jane' }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().setExpirationTime('1h').sign(new TextEncoder().encode(s)),
}))`, secretText)
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err, out)
	}
	if len(got) != 7 {
		t.Fatalf("got %d tokens, want 7", len(got))
	}
	for name, jws := range got {
		t.Run(name, func(t *testing.T) {
			parsed := tokens.Parse(jws)
			if len(parsed.Flaws) > 0 {
				t.Errorf("flaws: %+v", parsed.Flaws)
			}
			if id, ok := parsed.UserID(); id != "jane" || !ok {
				t.Errorf("user_id is %q", id)
			}
			if late := parsed.FlawsAt(time.Now().Add(2*time.Second), 0); len(late) > 0 {
				t.Errorf("flaws of time: %+v", late)
			}
			if !signedBy(t, jws, secretText) {
				t.Error("the secret does not verify it")
			}
			if signedBy(t, jws, strings.Repeat("z", 64)) {
				t.Error("another secret verifies it too")
			}
		})
	}
}

// What Mint issues is what createToken issues for the same claims, byte by
// byte, and the client reads the user from it.
func TestMintEqualsCreateToken(t *testing.T) {
	t.Parallel()
	now := time.Now().Truncate(time.Second)
	cases := []struct {
		name string
		user string
		o    tokens.MintOptions
		args string // of createToken, after the id
	}{
		{"bare", "jane", tokens.MintOptions{NoIAT: true, Lifetime: -1}, ""},
		{"exp", "jane", tokens.MintOptions{NoIAT: true, Lifetime: time.Hour}, ", now + 3600"},
		{"iat and exp", "jane", tokens.MintOptions{}, ", now + 3600, now"},
		{"every allowed character", "a-z_0@9", tokens.MintOptions{}, ", now + 3600, now"},
		{"characters that encoders escape", `<b>&"\/`, tokens.MintOptions{}, ", now + 3600, now"},
		{"long", strings.Repeat("x", 255), tokens.MintOptions{}, ", now + 3600, now"},
		{"letters of all the world", "jörg-漢-🙂", tokens.MintOptions{}, ", now + 3600, now"},
	}
	type in struct{ ID, Token string }
	var minted []in
	var script strings.Builder
	script.WriteString(`
import { StreamChat, UserFromToken } from 'stream-chat'
const chat = new StreamChat('abcdefgh2345', process.argv[2]), now = ` + strconv.FormatInt(now.Unix(), 10) + `
const in_ = JSON.parse(process.argv[3]), out = []
const want = [`)
	for _, c := range cases {
		jws, err := tokens.Mint(tokens.NewSecret([]byte(secretText)), c.user, now, c.o)
		if err != nil {
			t.Fatal(err)
		}
		minted = append(minted, in{c.user, jws})
		script.WriteString("id => chat.createToken(id" + c.args + "),")
	}
	script.WriteString(`]
const user = t => { try { return UserFromToken(t) ?? '' } catch (e) { return String(e) } }
in_.forEach((x, i) => out.push({ want: want[i](x.ID), user: user(x.Token) }))
console.log(JSON.stringify(out))`)
	arg, err := json.Marshal(minted)
	if err != nil {
		t.Fatal(err)
	}
	var got []struct{ Want, User string }
	if err := json.Unmarshal([]byte(Run(t, script.String(), secretText, string(arg))), &got); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got[i].Want != minted[i].Token {
				t.Errorf("Mint gives\n%s\ncreateToken gives\n%s", minted[i].Token, got[i].Want)
			}
			// The client's decoder knows base64 without - and _, and no UTF-8:
			// what it misreads of createToken's own tokens isn't a fault of Mint's.
			ascii := strings.IndexFunc(c.user, func(r rune) bool { return r > 126 }) < 0
			if ascii && !strings.ContainsAny(strings.Split(minted[i].Token, ".")[1], "-_") && got[i].User != c.user {
				t.Errorf("UserFromToken gives %q", got[i].User)
			}
		})
	}
}
