package vault

import (
	"slices"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/projecttest"
	"badsig/tokens"
)

func TestBlemishes(t *testing.T) {
	for _, c := range []struct {
		raw, what string
		want      string
		clean     bool // what is left is the value itself
	}{
		{"$S1", facts.WhatSecret, "", true}, {"$K1", facts.WhatKey, "", true},
		{"$S1 ", facts.WhatSecret, "trailing-space", true}, {" $S1", facts.WhatSecret, "leading-space", true}, {"$S1\n", facts.WhatSecret, "newline", true}, {"$S1\r", facts.WhatSecret, "carriage-return", true}, {"\t$S1", facts.WhatSecret, "tab", true},
		{"\"$S1\"", facts.WhatSecret, "quotes", true}, {"'$S1'", facts.WhatSecret, "quotes", true}, {"\"$S1", facts.WhatSecret, "quotes", true}, {"`$S1`", facts.WhatSecret, "backticks", true}, {"“$S1”", facts.WhatSecret, "smart-quotes", true},
		{"$S1\u00a0", facts.WhatSecret, "nbsp", true}, {"\ufeff$S1", facts.WhatSecret, "bom", true}, {"$S1\u200b", facts.WhatSecret, "zero-width", true}, {"$S1\u3000", facts.WhatSecret, "nbsp", true}, {"$S1\x00", facts.WhatSecret, "control", true}, {"$S1\u2066", facts.WhatSecret, "zero-width", true}, {"$S1;", facts.WhatSecret, "semicolon", true}, {"$S1,", facts.WhatSecret, "comma", true},
		{"STREAM_API_SECRET=$S1", facts.WhatSecret, "own-name", true}, {"STREAM_API_SECRET=\"$S1 \"", facts.WhatSecret, "quotes own-name trailing-space", true}, {"\" $S1\" ", facts.WhatSecret, "trailing-space quotes leading-space", true},
		{strings.ToUpper(projecttest.S1), facts.WhatSecret, "upper-case", true}, {projecttest.S1[:32] + " " + projecttest.S1[32:], facts.WhatSecret, "inner-space", true}, {projecttest.S1[:63], facts.WhatSecret, "not-64", false}, {"$S1$S1", facts.WhatSecret, "doubled", true},
		{"\"$K1\"", facts.WhatKey, "quotes", true}, {"$K1 ", facts.WhatKey, "trailing-space", true}, {"abc", facts.WhatKey, "not-key-shape", false},
		{"any Old_Secret!", facts.WhatOther, "", true}, {"old ", facts.WhatOther, "trailing-space", false}, {"your_api_secret", facts.WhatSecret, "", true},
	} {
		raw := projecttest.FillText(c.raw)
		v := facts.Value{What: c.what}
		clean := describe(&v, []byte(raw))
		if got := strings.Join(v.Blemishes, " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.raw, got, c.want)
		}
		if c.clean && c.want != "" && !slices.Contains([]string{projecttest.S1, projecttest.K1}, string(clean)) {
			t.Errorf("%q is cleaned to something else", c.raw)
		}
		if c.clean && c.want == "" && string(clean) != raw {
			t.Errorf("%q has no blemish and was changed", c.raw)
		}
		if v.Length != len(raw) || v.Fingerprint != tokens.NewSecret([]byte(raw)).Fingerprint() {
			t.Errorf("%q: length %d fingerprint %s", c.raw, v.Length, v.Fingerprint)
		}
	}
}

func TestOnlyKeysAreShown(t *testing.T) {
	for _, c := range []struct{ what, raw, want string }{
		{facts.WhatKey, projecttest.K1, projecttest.K1}, {facts.WhatKey, projecttest.S1, ""}, {facts.WhatSecret, projecttest.S1, ""}, {facts.WhatSecret, projecttest.K1, ""}, {facts.WhatOther, projecttest.K1, ""}, {facts.WhatKey, "\"" + projecttest.K1 + "\"", "\"" + projecttest.K1 + "\""}, {facts.WhatKey, projecttest.K1 + " ", projecttest.K1 + "␠"}, {facts.WhatKey, projecttest.K1 + "\n", projecttest.K1 + "␊"},
		{facts.WhatKey, "your_api_key", "your_api_key"}, {facts.WhatSecret, "your_api_secret", "your_api_secret"}, {facts.WhatSecret, "dev-secret", ""}, {facts.WhatKey, "undefined", "undefined"}, {facts.WhatKey, "", ""}, {facts.WhatKey, "AIzaSyD-1234567890", ""},
	} {
		v := facts.Value{What: c.what}
		describe(&v, []byte(c.raw))
		if v.Key != c.want {
			t.Errorf("a %s of %d bytes is shown as %q, want %q", c.what, len(c.raw), v.Key, c.want)
		}
	}
}
