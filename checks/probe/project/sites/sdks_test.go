package sites

import (
	"strings"
	"testing"
)

// Each language's file of requirements names Stream's package and its version.
func TestRequirements(t *testing.T) {
	for text, want := range map[string][2]string{
		"flask\nstream-chat==4.20.0\n": {"stream-chat", "4.20.0"},
		"getstream>=2.1\n":             {"getstream", "2.1"},
		"require (\n\tgithub.com/GetStream/stream-chat-go/v8 v8.2.1\n)": {"github.com/GetStream/stream-chat-go/v8", "8.2.1"},
		`{"require": {"get-stream/stream-chat": "^3.2"}}`:               {"get-stream/stream-chat", "3.2"},
		"gem 'stream-chat-ruby', '~> 3.9'\n":                            {"stream-chat-ruby", "3.9"},
		"# stream-chat==1.0\n":                                          {},
		"upstream_chat_proxy = 1\n":                                     {},
		"require (\n\t// github.com/GetStream/stream-chat-go v5.1.0\n)": {},
	} {
		var got [2]string
		for line := range strings.Lines(text) {
			required(line, func(name, version string) { got = [2]string{name, version} })
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
