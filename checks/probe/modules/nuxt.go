package modules

import (
	"strings"

	"badsig/checks/probe/names"
)

// nuxtVariable is the variable that fills a path of Nuxt's runtimeConfig:
// public.streamApiKey → NUXT_PUBLIC_STREAM_API_KEY.
func nuxtVariable(rest string) string {
	var words []string
	for part := range strings.SplitSeq(rest, ".") {
		words = append(words, names.SplitWords(part)...)
	}
	return "NUXT_" + strings.ToUpper(strings.Join(words, "_"))
}

func JoinDir(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}
