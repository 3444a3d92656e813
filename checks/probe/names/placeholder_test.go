package names

import "testing"

// A passphrase isn't a placeholder, no matter which word it begins or ends with.
func TestOnlyTemplatesAreShown(t *testing.T) {
	for _, s := range []string{"my-v2-9f8a7c6b5d4e3f2a1b0c9d8e7f6a5b4c", "my-old-cat-sleeps-under-the-piano", "correct-horse-battery-staple-here", "the-quick-brown-fox", "changelog-of-my-life", "yourself-and-i-at-noon", "[winter is over in oslo]"} {
		if _, shown := Placeholder(s); shown {
			t.Errorf("%q may be a secret and is shown", s)
		}
	}
	for _, s := range []string{"my-super-secret-key", "put-your-stream-secret-here", "replace_this_with_your_api_secret", "YOUR_STREAM_API_SECRET", "yourstreamsecret", "<your api secret from the dashboard>"} {
		if is, shown := Placeholder(s); !is || !shown {
			t.Errorf("%q stands for a value", s)
		}
	}
}
