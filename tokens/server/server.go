// Package server is the token server that Stream's guides describe, as an
// http.Handler: POST a user's ID and name, get a token for that user. It's for
// people without a backend, and for tests and demos.
package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"badsig/tokens"
)

// Rules of this file:
//   - a token is created only for the user ID that was sent, never for a guessed one
//   - no response may be cached
//   - a request to another host name is rejected
//   - a browser page can read a response only from an allowed origin; by default,
//     those are the pages on this machine
//   - control characters from a client are made harmless before they reach the log

// DefaultPath is the documented endpoint.
const DefaultPath = "/api/stream/token"

// maxBody bounds a request's body: the documented one has two short strings.
const maxBody = 64 << 10

// Options say what the server signs with and whom it serves.
type Options struct {
	Secret   tokens.Secret    // signs the tokens; without it every request gets a 500
	Lifetime time.Duration    // of a token: 0 means one hour, negative no exp
	Log      io.Writer        // gets the two lines of each token; nil: none
	Origins  []string         // origins whose pages can read responses; "*" for all; nil: any origin on this machine
	Hosts    []string         // hosts under which it may be called besides localhost, 127.0.0.1 and [::1]; 0.0.0.0 or :: allow every IP address
	Path     string           // "" means DefaultPath
	Now      func() time.Time // nil means time.Now
}

type server struct {
	Options
	log *log.Logger
}

// New makes the handler.
func New(o Options) http.Handler {
	if o.Path == "" {
		o.Path = DefaultPath
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	return &server{o, log.New(&patientLog{w: o.Log}, "", 0)}
}

// ServeHTTP handles one request.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if !s.serves(r.Host) {
		fail(w, http.StatusMisdirectedRequest, "this server only accepts requests to localhost; start it with --host to allow another name")
		return
	}
	s.cors(w, r)
	switch {
	case strings.TrimSuffix(r.URL.Path, "/") != strings.TrimSuffix(s.Path, "/"):
		fail(w, http.StatusNotFound, "not found; use POST "+s.Path)
	case r.Method == http.MethodOptions:
		h.Set("Allow", "POST, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
	case r.Method != http.MethodPost:
		h.Set("Allow", "POST, OPTIONS")
		fail(w, http.StatusMethodNotAllowed, "only POST is allowed")
	default:
		s.token(w, r)
	}
}

// cors lets allowed origins read the response, and handles their preflight.
func (s *server) cors(w http.ResponseWriter, r *http.Request) {
	h, origin := w.Header(), r.Header.Get("Origin")
	all := slices.Contains(s.Origins, "*")
	if !all {
		h.Add("Vary", "Origin")
	}
	if origin == "" || !all && !s.allows(origin) {
		return
	}
	if all {
		origin = "*"
	}
	h.Set("Access-Control-Allow-Origin", origin)
	if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
		h.Set("Access-Control-Allow-Methods", "POST, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "Content-Type, Authorization")
		h.Set("Access-Control-Max-Age", "600")
		if r.Header.Get("Access-Control-Request-Private-Network") == "true" {
			h.Set("Access-Control-Allow-Private-Network", "true")
		}
	}
}

// serves reports whether a request may name this host. A page of another site
// whose name was made to point at this machine (DNS rebinding) sends its own
// name, and would otherwise be given tokens.
func (s *server) serves(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	switch host = strings.ToLower(host); {
	case host == "localhost", host == "127.0.0.1", host == "::1", strings.HasSuffix(host, ".localhost"):
		return true
	}
	for _, h := range s.Hosts {
		ip := net.ParseIP(h)
		if strings.EqualFold(h, host) || ip != nil && ip.IsUnspecified() && net.ParseIP(host) != nil {
			return true
		}
	}
	return false
}

func (s *server) allows(origin string) bool {
	if s.Origins != nil {
		return slices.ContainsFunc(s.Origins, func(o string) bool { return strings.EqualFold(strings.TrimSuffix(o, "/"), origin) })
	}
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	switch host := u.Hostname(); host {
	case "localhost", "127.0.0.1", "::1":
		return true
	default:
		return strings.HasSuffix(host, ".localhost")
	}
}

// request is the documented body. Other fields are ignored.
type request struct {
	UserID   json.RawMessage `json:"userId"`
	UserName json.RawMessage `json:"userName"`
}

func (s *server) token(w http.ResponseWriter, r *http.Request) {
	id, name, err := readUser(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		fail(w, http.StatusRequestEntityTooLarge, "the body is larger than 64 KiB")
		return
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	jws, err := tokens.Mint(s.Secret, id, s.Now(), tokens.MintOptions{Lifetime: s.Lifetime})
	if err != nil {
		s.log.Printf("Token error: %v", err)
		fail(w, http.StatusInternalServerError, err.Error())
		return
	}
	s.log.Printf("Generated token for user: %s (%s)", harmless(id), harmless(name))
	s.log.Printf("Token preview: %s...", jws[:min(20, len(jws))])
	answer(w, http.StatusOK, struct {
		Token  string `json:"token"`
		UserID string `json:"userId"`
	}{jws, id})
}

// readUser reads the body. Errors of the reader itself come back as they are.
func readUser(body io.Reader) (id, name string, err error) {
	b, err := io.ReadAll(body)
	if err != nil {
		return "", "", err
	}
	var q request
	switch err := json.Unmarshal(b, &q); {
	case len(strings.TrimSpace(string(b))) == 0:
		return "", "", errors.New(`userId is required: the body is empty, send {"userId":"…","userName":"…"}`)
	case err != nil:
		return "", "", errors.New(`the body isn't a JSON object: send {"userId":"…","userName":"…"}`)
	case len(q.UserID) == 0 || string(q.UserID) == "null":
		return "", "", errors.New("userId is required")
	case json.Unmarshal(q.UserID, &id) != nil:
		return "", "", errors.New("userId must be a string")
	case strings.TrimSpace(id) == "":
		return "", "", errors.New("userId is required: it is empty")
	case !utf8.ValidString(id) || strings.ContainsRune(id, utf8.RuneError):
		return "", "", errors.New("userId isn't valid UTF-8")
	case strings.ContainsFunc(id, unseen):
		return "", "", errors.New("userId has a control character")
	}
	// The name is for the log only; one that isn't a string isn't a reason to reject the request.
	_ = json.Unmarshal(q.UserName, &name)
	return id, name, nil
}

// unseen tells characters that no user ID has: NULs, newlines, escapes, marks that
// turn the direction of text. What joins emoji isn't one.
func unseen(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

//go:noinline
func fail(w http.ResponseWriter, status int, text string) {
	answer(w, status, struct {
		Error string `json:"error"`
	}{text})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the client is gone: there is no one left to tell
}

// harmless makes what a client sent fit for a terminal and for one line.
func harmless(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case i >= 200:
			b.WriteString("…")
			return b.String()
		case r == utf8.RuneError, unicode.IsControl(r), !unicode.IsGraphic(r), unicode.Is(unicode.Cf, r):
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
