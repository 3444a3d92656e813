package picture

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/shell"
)

// Annotated tells Retrofit's @POST("…").
func (s *NativeSource) Annotated(i int) bool {
	return i >= 3 && s.Toks[i-1].Text == "(" && s.Toks[i-3].Text == "@"
}

// MethodOf finds the call around a URL that names the method, and the method.
func (s *NativeSource) MethodOf(i int) (at int, method string) {
	for j := i - 1; j >= 0 && j > i-12; j-- {
		t := s.Toks[j]
		if t.Kind == 'p' && (t.Text == ";" || t.Text == "}" || t.Text == "{") {
			break
		}
		if t.Kind != 'w' || j+1 >= len(s.Toks) || s.Toks[j+1].Text != "(" && s.Toks[j+1].Text != "<" {
			continue
		}
		switch low := strings.ToLower(t.Text); low {
		case "post", "postasync", "postasjsonasync", "postwwwform":
			return j, "POST"
		case "get", "getasync", "getstringasync":
			return j, "GET"
		case "http", "https":
			return j, ""
		}
	}
	return -1, ""
}

// Around reads the method, the fields and the headers that are near a URL.
func (s *NativeSource) Around(i int, x *facts.Fetch, method string) {
	t := s.Toks
	post, auth, json, form := false, false, false, false
	var fields []string
	depth := 0
	for j := i + 1; j < len(t) && j < i+160; j++ {
		switch {
		case t[j].Kind == 'p' && t[j].Text == "{":
			depth++
		case t[j].Kind == 'p' && t[j].Text == "}":
			if depth--; depth < 0 {
				j = len(t)
				continue
			}
		case t[j].Kind == 's' && t[j].Text == "POST":
			post = true
		case t[j].Kind == 's' && affix.Contains(t[j].Text, "x-www-form-urlencoded"):
			form = true
		case t[j].Kind == 'w' && (t[j].Text == "post" || t[j].Text == "Post"):
			post = true
		case t[j].Kind == 'w' && (t[j].Text == "jsonEncode" || t[j].Text == "JSONSerialization" || t[j].Text == "JSONEncoder" || t[j].Text == "JSONObject" || t[j].Text == "json"):
			json = true
		case t[j].Whole() && j+1 < len(t) && (t[j+1].Text == ":" || t[j+1].Text == "to" || t[j+1].Text == "," && j > 1 && t[j-1].Text == "(" && t[j-2].Text == "put"):
			switch low := strings.ToLower(t[j].Text); {
			case low == "authorization":
				auth = true
			case affix.Contains(low, "content-type"), low == "accept", affix.Contains(low, "-"), !shell.IsVariable(t[j].Text):
			default:
				fields = append(fields, t[j].Text)
			}
		}
	}
	switch {
	case method != "":
		x.Method = method
	case post || len(fields) > 0:
		x.Method = "POST"
	default:
		x.Method = "GET"
	}
	if auth {
		x.Auth, x.Session = true, "the session"
		x.Headers = append(x.Headers, "authorization")
	}
	x.Headers = append(x.Headers, "*")
	if x.Method == "POST" && json {
		x.Type = "json"
	}
	if x.Method == "POST" && form {
		x.Type = "urlencoded"
	}
	for _, f := range fields {
		if !facts.OneOf(x.Body, f) && len(x.Body) < 20 {
			x.Body = append(x.Body, f)
		}
	}
	x.BodyOpen = len(fields) == 0 && (x.Method == "POST" || len(x.Query) == 0)
}
