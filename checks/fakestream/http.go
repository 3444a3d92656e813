package fakestream

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"badsig/checks/affix"
	"badsig/tokens"
)

// maxBody bounds what a request may bring.
const maxBody = 1 << 20

// refusal is Stream's response to a request it rejects.
type refusal struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Status  int    `json:"StatusCode"` // Stream spells it so
	Took    string `json:"duration"`
	More    string `json:"more_info"`
	Details []any  `json:"details"`
}

func refuse(status, code int, message string) *refusal {
	return &refusal{Code: code, Message: message, Status: status, Took: "0.00ms",
		More: "https://getstream.io/chat/docs/api_errors_response", Details: []any{}}
}

// caller is who sends the request, once the token was accepted.
type caller struct {
	app  *App
	user string // "" for a server
}

// ServeHTTP responds as chat.stream-io-api.com does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Date", s.now().UTC().Format(http.TimeFormat))
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "x-requested-with, content-type, accept, content-encoding, authorization, stream-auth-type, x-stream-client, x-stream-ext, x-client-request-id, x-stream-loglevel")
	h.Set("Access-Control-Max-Age", "86400")
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusOK)
		return
	}
	if s.delay > 0 {
		select {
		case <-time.After(s.delay):
		case <-r.Context().Done():
			return
		}
	}
	q := r.URL.Query()
	log := Request{At: s.now(), Method: r.Method, Path: r.URL.Path, Key: q.Get("api_key"), Query: r.URL.RawQuery,
		Token: r.Header.Get("Authorization"), AuthType: r.Header.Get("Stream-Auth-Type"),
		Client: r.Header.Get("X-Stream-Client"), Header: r.Header.Clone()}
	path := affix.TrimPrefix(r.URL.Path, "/api/v2")
	s.mu.Lock()
	s.count++
	over := s.limit > 0 && s.count > s.limit
	s.mu.Unlock()
	if path == "/connect" && !over && s.accept != nil {
		s.connect(w, r, log)
		return
	}
	var answer any
	var no *refusal
	switch {
	case over:
		h.Set("Retry-After", "60")
		no = refuse(http.StatusTooManyRequests, 9, "Too many requests, check response headers for more information.")
	case path == "/hi":
		answer = map[string]any{"duration": "0.00ms"}
	default:
		answer, no = s.operate(r, path, &log)
	}
	status := http.StatusOK
	if no != nil {
		answer, status, log.Code = no, no.Status, no.Code
	} else if r.Method == http.MethodPost {
		status = http.StatusCreated
	}
	log.Status = status
	s.record(log)
	h.Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone
}

// operate does what was requested after it was made sure who sent it.
func (s *Server) operate(r *http.Request, path string, log *Request) (any, *refusal) {
	name, run := s.operation(r.Method, path)
	if run == nil {
		return nil, refuse(http.StatusNotFound, 16, fmt.Sprintf("%s %s does not exist", r.Method, r.URL.Path))
	}
	c, no := s.authenticate(log.Key, log.Token, log.AuthType)
	if no != nil {
		no.Message = fmt.Sprintf("%s failed with error: %q", name, no.Message)
		return nil, no
	}
	log.User = c.user
	return run(r, c)
}

type operation func(*http.Request, caller) (any, *refusal)

func (s *Server) operation(method, path string) (string, operation) {
	switch method + " " + path {
	case "GET /app":
		return "GetApp", s.getApp
	case "GET /users":
		return "QueryUsers", s.queryUsers
	case "POST /users":
		return "UpdateUsers", s.updateUsers
	}
	return "", nil
}

// authenticate tests in Stream's order: the key, the app's state, the kind of
// authentication, the token.
func (s *Server) authenticate(key, token, kind string) (caller, *refusal) {
	s.mu.Lock()
	app, known := s.apps[key]
	s.mu.Unlock()
	world := tokens.World{Now: s.now(), Key: tokens.APIKey(key), KeyKnown: known}
	if known {
		world.AuthDisabled, world.Suspended, world.RevokedBefore = app.AuthDisabled, app.Suspended, app.RevokedBefore
		world.Secret = app.Secret
	}
	if known && !app.Suspended && kind != "jwt" {
		return caller{}, refuse(http.StatusUnauthorized, tokens.CodeToken, "stream-auth-type missing or invalid")
	}
	p := tokens.Predict(token, world)
	if known && p.Code == tokens.CodeSignature {
		for _, more := range app.Also {
			world.Secret = more
			if p = tokens.Predict(token, world); p.Code != tokens.CodeSignature {
				break
			}
		}
	}
	if p.Status != http.StatusOK {
		return caller{}, refuse(p.Status, p.Code, p.Message)
	}
	user, _ := tokens.Parse(token).UserID()
	return caller{app, user}, nil
}

// getApp gives a server everything, and a user what users may know.
// The credentials of other services are in it so that a reader that keeps
// more than it should is found out.
func (s *Server) getApp(_ *http.Request, c caller) (any, *refusal) {
	app := map[string]any{
		"id": c.app.ID, "name": c.app.Name, "placement": "loopback",
		"async_url_enrich_enabled": false, "auto_translation_enabled": false,
		"file_upload_config": map[string]any{}, "image_upload_config": map[string]any{},
	}
	if c.user == "" {
		app["organization"] = c.app.Organization
		app["disable_auth_checks"] = c.app.AuthDisabled
		app["disable_permissions_checks"] = false
		app["suspended"] = c.app.Suspended
		app["suspended_explanation"] = ""
		app["revoke_tokens_issued_before"] = nil
		app["guest_user_creation_disabled"] = false
		app["multi_tenant_enabled"] = false
		app["permission_version"] = "v2"
		app["sqs_key"], app["sqs_secret"] = "not-to-be-read", "not-to-be-read"
		app["sns_key"], app["sns_secret"] = "not-to-be-read", "not-to-be-read"
		app["webhook_url"] = "https://example.com/not-to-be-read"
		if !c.app.RevokedBefore.IsZero() {
			app["revoke_tokens_issued_before"] = c.app.RevokedBefore.UTC().Format(time.RFC3339Nano)
		}
	}
	return map[string]any{"app": app, "duration": "0.00ms"}, nil
}
