package names

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
)

// Rules of this file:
//   - two names are near where a person would take one for the other: a typo, other word order, a missing prefix or filler word
//   - being near says nothing about what a value is; that the name says, or the code that reads it

// SaysStream reports whether a variable's name says that it is a Stream secret.
//
//go:noinline
func SaysStream(name string) bool {
	c := Classify(name)
	return c.What == facts.WhatSecret && !c.Bare
}

// WithoutPrefix is a variable's name without the prefix that makes it public.
func WithoutPrefix(name string) string { return affix.TrimPrefix(name, PublicPrefix(name)) }

// fillerWords are those that people add to a name, or leave out.
var fillerWords = Words("api", "app", "access", "get", "io", "chat", "video", "feeds", "key", "client", "server", "my", "the")

// NearName tells how near two names of variables are: 3 a typo or other word
// order, 2 one is the other with a prefix, 1 they differ in filler words; 0 not near.
func NearName(a, b string) int {
	a, b = strings.ToUpper(a), strings.ToUpper(b)
	switch {
	case a == b || a == "" || b == "":
		return 0
	case len(a) >= 6 && len(b) >= 6 && editDistance(a, b, 2) <= 2:
		return 3
	}
	x, y := SplitWords(a), SplitWords(b)
	slices.Sort(x)
	slices.Sort(y)
	switch {
	case slices.Equal(x, y), strings.Join(x, "") == strings.Join(y, ""):
		return 3
	case affix.HasSuffix(a, "_"+b), affix.HasSuffix(b, "_"+a):
		return 2
	}
	strip := func(name string) []string {
		ws := SplitWords(affix.TrimPrefix(name, PublicPrefix(name)))
		ws = affix.Without(ws, func(w string) bool { return fillerWords[w] })
		for i, w := range ws {
			switch w {
			case "getstream", "streamio", "streamchat", "streamvideo":
				ws[i] = "stream"
			case "apisecret", "secretkey":
				ws[i] = "secret"
			}
		}
		slices.Sort(ws)
		return slices.Compact(ws)
	}
	key := slices.Contains(x, "key") && slices.Contains(y, "key") && PublicPrefix(a) == PublicPrefix(b) // STREAM_KEY, STREAM_API_KEY
	if p, q := strip(a), strip(b); (len(p) > 1 || key && len(p) == 1 && p[0] == "stream") && slices.Equal(p, q) {
		return 1
	}
	return 0
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbors between two strings, up to most; more than that is most + 1.
func editDistance(a, b string, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	before, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		least := cur[0]
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
			least = min(least, cur[j])
		}
		if least > most {
			return most + 1
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}
