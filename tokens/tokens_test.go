package tokens

import (
	"testing"
	"time"
)

// testSecret is invented; it has the shape that Stream's secrets have.
var testSecret = NewSecret([]byte("m4x8q2zv7k9pw3ty6hb5nc8rd2fg4js7au9ebq6t3wz8xk5vn2cm7yp4hd9rgf3s"))

// testKey is invented; it has the shape that Stream's keys have.
const testKey = APIKey("k7m2x9qwz4v8")

// at is the moment at which tests happen.
var at = time.Unix(1_790_000_000, 0).UTC()

// mint makes a good token, or ends the test.
func mint(t testing.TB, s Secret, id string, o MintOptions) string {
	t.Helper()
	jws, err := Mint(s, id, at, o)
	if err != nil {
		t.Fatal(err)
	}
	return jws
}

// forge signs a header and a payload that Mint would not make.
func forge(t testing.TB, s Secret, header, payload string) string {
	t.Helper()
	return forgeSegments(s, b64(header), b64(payload))
}
