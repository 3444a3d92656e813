package tokens

import (
	"encoding/json"
	"fmt"
	"strings"
)

// fromJSON finds the token in a JSON text: the best string that is one, by
// what it claims and by its field's name.
func fromJSON(s string) (token, field string, ok bool) {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return "", "", false
	}
	best, left := -1, 2000 // values looked at
	var walk func(v any, path string, depth int)
	walk = func(v any, path string, depth int) {
		if left--; left < 0 || depth > 8 {
			return
		}
		switch v := v.(type) {
		case string:
			if n := fieldScore(path, v); n > best {
				best, token, field, ok = n, v, path, true
			}
		case []any:
			for i, e := range v {
				walk(e, fmt.Sprintf("%s[%d]", path, i), depth+1)
			}
		case map[string]any:
			for _, name := range sortedKeys(v) {
				walk(v[name], strings.TrimPrefix(path+"."+name, "."), depth+1)
			}
		}
	}
	walk(v, "", 0)
	if best < 2 {
		return "", "", false
	}
	return token, field, true
}

// fieldScore says how likely a field is the Stream token: 0 not at all.
func fieldScore(path, v string) int {
	score := 0
	if found := FindTokens(v); len(found) == 1 {
		score = 4
		seg := strings.SplitN(found[0], ".", 3)
		if b, _, ok := decodeSegment(seg[1]); ok && strings.Contains(string(b), `"user_id"`) {
			score += 8
		}
	}
	name := strings.ToLower(path[strings.LastIndexAny(path, ".]")+1:])
	if strings.Contains(name, "token") || strings.Contains(name, "jwt") || name == "authorization" {
		score += 2
	}
	if strings.Contains(name, "stream") || strings.Contains(name, "chat") {
		score++
	}
	if strings.Contains(name, "refresh") {
		score--
	}
	return score
}
