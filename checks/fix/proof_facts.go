package fix

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
)

// runningSites are the signing calls that something runs.
func runningSites(f *facts.Facts) []*facts.Site {
	var out []*facts.Site
	if f.Project != nil {
		for i := range f.Project.Sites {
			if s := &f.Project.Sites[i]; s.Runs.Sure() {
				out = append(out, s)
			}
		}
	}
	return out
}

// hs256 counts the signing calls that name HS256; -1 where one names another algorithm, or one that isn't read.
func hs256(f *facts.Facts) int {
	n := 0
	for _, s := range runningSites(f) {
		switch {
		case s.Algorithm == nil:
		case s.Algorithm.Text != "HS256":
			return -1
		default:
			n++
		}
	}
	return n
}

// plainUser reports whether every signing call signs an ID as it comes: a name or
// a member, not a number made of it, nor an object.
func plainUser(f *facts.Facts) bool {
	all := runningSites(f)
	for _, s := range all {
		i := slices.IndexFunc(s.Claims, func(c facts.Claim) bool { return c.Name == "user_id" })
		if i < 0 || s.Claims[i].Text == "" || strings.Trim(s.Claims[i].Text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.?") != "" {
			return false
		}
		if from := s.User.From; from == "body" && s.User.Known.Sure() && !facts.OneOf(f.MainNames(f.Fetch()), facts.LastName(s.User.Name)) {
			return false // a field that the front end doesn't send
		}
	}
	return len(all) > 0
}

// seconds reports whether a time, where a signing call sets it, is the present one
// in whole seconds and what is added to it.
func seconds(f *facts.Facts, name string) bool {
	all := runningSites(f)
	for _, s := range all {
		for _, c := range s.Claims {
			if c.Name != name {
				continue
			}
			text := affix.ReplaceAll(c.Text, " ", "")
			whole := affix.HasPrefix(text, "Math.floor(Date.now()/1000)") || affix.HasPrefix(text, "Math.floor((Date.now()") || affix.HasPrefix(text, "Math.floor(Date.now()/1000+")
			if !whole && c.Unit != "seconds" || affix.HasSuffix(text, "*1000") || name == "iat" && affix.Contains(text, "+") {
				return false
			}
		}
	}
	return len(all) > 0
}

// wholeTimes reports whether no signing call gives exp or iat a fraction of a second.
func wholeTimes(f *facts.Facts) bool {
	all := runningSites(f)
	for _, s := range all {
		for _, c := range s.Claims {
			text := affix.ReplaceAll(c.Text, " ", "")
			if (c.Name == "exp" || c.Name == "iat") && c.Unit != "duration" && (affix.Contains(text, "Date.now()/1000") || affix.Contains(text, "time.time()")) &&
				!affix.HasPrefix(text, "Math.floor(") && !affix.HasPrefix(text, "int(") {
				return false
			}
		}
	}
	return len(all) > 0
}

// wraps counts what the code does to tokens between the signing call and the response.
func wraps(f *facts.Facts) int {
	n := 0
	for _, s := range runningSites(f) {
		for _, w := range s.Wraps {
			if w.How != "field" && w.How != "cookie" {
				n++
			}
		}
	}
	return n
}

// fields are the names under which the signing calls' tokens are returned.
func fields(f *facts.Facts) []string {
	var out []string
	for _, s := range runningSites(f) {
		for _, w := range s.Wraps {
			if w.How == "field" {
				out = append(out, w.As)
			}
		}
	}
	return out
}

// signsID reports whether the signing calls sign the request's ID as it comes.
func signsID(f *facts.Facts) bool { return plainUser(f) && requested(f) }

// requested reports whether every signing call signs the ID that the request carries.
func requested(f *facts.Facts) bool {
	all := runningSites(f)
	id := facts.IDName(f.MainNames(f.Fetch()))
	return len(all) > 0 && !affix.Any(all, func(s *facts.Site) bool {
		return s.User.From != "body" && s.User.From != "query" || !s.User.Known.Sure() || facts.LastName(s.User.Name) != id
	})
}

// returns reports whether every signing call's token is returned under the name that the front end reads.
func returns(f *facts.Facts) bool {
	all, fetch := runningSites(f), f.Fetch()
	if fetch == nil || fetch.Takes == "" || len(all) == 0 {
		return false
	}
	for _, s := range all {
		if !affix.Any(s.Wraps, func(w facts.Wrap) bool { return w.How == "field" && w.As == fetch.Takes }) {
			return false
		}
	}
	return true
}
