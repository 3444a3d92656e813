package sanitize

import "testing"

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain text": "plain text", "é漢👍🏽": "é漢👍🏽", "a\nb": "a␊b", "\x1b[31mred": "␛[31mred", "\x00": "␀", "\x7f": "␡", "a\u202eb": "a<U+202E>b", "a\u200bb": "a<U+200B>b", "a\u00a0b": "a<U+00A0>b", "\xff": "<FF>",
		"\u0085": "<U+0085>", "a\u2028b": "a<U+2028>b", "": "", "👨\u200d👩": "👨\u200d👩",
	} {
		if got := Visible(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}
