package names

import (
	"strings"
	"testing"

	"badsig/checks/internal/projecttest"
)

func TestClassifyName(t *testing.T) {
	for name, want := range map[string]string{
		"STREAM_API_SECRET": "secret", "STREAM_SECRET": "secret", "STREAM_SECRET_KEY": "secret", "GETSTREAM_API_SECRET": "secret", "GET_STREAM_SECRET": "secret", "STREAM_IO_SECRET": "secret",
		"STREAM_CHAT_API_SECRET": "secret", "STREAM_VIDEO_SECRET_KEY": "secret", "streamApiSecret": "secret", "stream-api-secret": "secret", "VITE_STREAM_SECRET": "secret VITE_", "NEXT_PUBLIC_GET_STREAM_API_SECRET": "secret NEXT_PUBLIC_",
		"STREAM_API_SECRET_DEV": "secret", "STREAM_API_SECRET_2": "secret", "STREAM_CHAT_SECRET": "secret",
		"STREAM_API_KEY": "key", "STREAM_KEY": "key", "STREAM_ACCESS_KEY": "key", "NEXT_PUBLIC_STREAM_VIDEO_API_KEY": "key NEXT_PUBLIC_", "REACT_APP_STREAM_KEY": "key REACT_APP_", "EXPO_PUBLIC_STREAM_API_KEY": "key EXPO_PUBLIC_", "STREAM_APIKEY": "key", "streamKey": "key", "STREAM_API_KEY_PROD": "key",
		"apiKey": "key bare", "API_KEY": "key bare", "API_SECRET": "secret bare", "apiSecret": "secret bare", "secret": "secret bare", "VITE_API_KEY": "key bare VITE_", "CHAT_API_KEY": "key bare",
		"JWT_SECRET": "other bare", "SESSION_SECRET": "other bare", "NEXTAUTH_SECRET": "other bare", "ACCESS_TOKEN_SECRET": "other bare", "jwtSecret": "other bare", "CLERK_SECRET_KEY": "other bare", "SECRET_KEY": "secret bare",
		"STREAM_URL": "url", "STREAM_APP_ID": "", "STREAM_API_URL": "", "STREAM_TOKEN": "", "GOOGLE_MAPS_API_KEY": "", "FIREBASE_API_KEY": "", "PORT": "", "STREAM_PRIVATE_KEY": "", "MUX_STREAM_KEY": "", "primaryKey": "", "key": "key bare", "onKeyDown": "", "UPSTREAM_SECRET": "other bare", "STREAM_USER_TOKEN": "", "DATABASE_URL": "", "": "",
	} {
		c := Classify(name)
		got := c.What
		if c.URL {
			got = "url"
		}
		if c.Bare {
			got += " bare"
		}
		if c.Prefix != "" && got != "" {
			got += " " + c.Prefix
		}
		if got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	yes := []string{"your_api_secret", "your-api-key", "YOUR_API_SECRET", "YOUR_API_SECRET_HERE", "<your-secret>", "<secret>", "changeme", "change_me", "xxx", "xxxxxxxxxxxx", "undefined", "null", "[object Object]", "REPLACE_ME", "replace_with_your_secret",
		"insert_api_secret_here", "stream_api_secret", "your_stream_api_secret", "todo", "secret", "dev-secret", "****", "{{ secret }}", "yourapikey", "paste-your-secret-here", "example", "..."}
	no := []string{projecttest.S1, projecttest.K1, "", "mysessionsecret99", "yourk3ym8x4c2v9b5n7", "hunter2secret", strings.Repeat("a", 64), "b7f2c4", "your" + projecttest.K1}
	for _, s := range yes {
		if is, _ := Placeholder(s); !is {
			t.Errorf("%q is taken for a value", s)
		}
	}
	for _, s := range no {
		if is, _ := Placeholder(s); is {
			t.Errorf("a string of %d characters is taken for a placeholder: %.6s", len(s), s)
		}
	}
}
