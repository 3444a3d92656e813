package backend

import (
	"net/http"
	"testing"
)

func TestTokenHeader(t *testing.T) {
	const jwt = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiYW5uIn0.c2lnbmF0dXJlLW9mLW5vLXNlY3JldC1hdC1hbGwhISE"
	for want, h := range map[string]http.Header{
		"":              {"Set-Cookie": {"session=" + jwt}, "X-Request-Id": {"a.b.c"}},
		"X-Chat-Token":  {"X-Chat-Token": {jwt}, "Set-Cookie": {"session=" + jwt}},
		"Authorization": {"Authorization": {"Bearer " + jwt}, "X-Token": {jwt}},
	} {
		if got := tokenHeader(h); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
