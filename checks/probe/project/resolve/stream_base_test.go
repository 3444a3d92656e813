package resolve

import (
	"net/url"
	"testing"
)

// What only looks like a host of Stream's is foreign.
func TestForeignHosts(t *testing.T) {
	for raw, own := range map[string]bool{
		"https://chat.stream-io-api.com": true, "https://CHAT.Stream-IO-API.com.": true, "https://chat-us-east.stream-io-api.com:443/": true, "http://localhost:3030": true, "http://127.0.0.1:1": true, "http://[::1]:1": true,
		"https://evilstream-io-api.com": false, "https://chat.stream-io-api.com.evil.org": false, "https://evil.org/chat.stream-io-api.com": false, "https://evil.org?chat.stream-io-api.com": false,
		"https://a@evil.org": false, "https://localhost.evil.org": false, "https://10.0.0.7": false, "https://evil.org#.stream-io-api.com": false,
	} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := streamsBase(u); got != own {
			t.Errorf("%s: may be contacted %v, want %v", raw, got, own)
		}
	}
}
