// Package fakestream is a stand-in for Stream's API on loopback: tests compare
// with its responses, and the demo runs on it. It knows apps (key and
// secret), judges tokens by tokens.Predict, and speaks as much of Stream's
// protocol as the real stream-chat client (9.53) needs for getAppSettings,
// queryUsers, upsertUsers and connectUser. It remembers what was requested.
//
// Sources: GetStream/protocol (OpenAPI 236), stream-chat-js 9.53 (client.ts,
// connection.ts), public threads for the strings of errors.
package fakestream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"badsig/tokens"
)

// App is one Stream app as the stand-in knows it.
type App struct {
	Secret tokens.Secret
	// Also are further secrets that the same key accepts (a second access-key pair).
	Also []tokens.Secret

	ID           int    // 0 gives 1
	Name         string // "" gives "Test App"
	Organization string

	AuthDisabled  bool      // any signature passes
	Suspended     bool      // every request is rejected with code 99
	RevokedBefore time.Time // tokens issued earlier, or without iat, are revoked

	// Users are the users that exist: id → name. connectUser and upsertUsers add to them.
	Users map[string]string
}

// Options say what the stand-in knows.
type Options struct {
	Apps map[string]App   // by API key
	Now  func() time.Time // its clock, also in Date headers; nil means time.Now
	// Limit returns 429 to every request beyond so many; 0 means no limit.
	Limit int
	// Delay holds every response back.
	Delay time.Duration
	// Accept upgrades connectUser's request (package socket); nil: no such path.
	Accept func(http.ResponseWriter, *http.Request) (Socket, error)
}

// Request is one request as it came over the wire, tokens in full: it is for
// assertions in the same process and goes nowhere else.
type Request struct {
	At       time.Time
	Method   string
	Path     string
	Key      string
	Token    string
	AuthType string
	Client   string // X-Stream-Client
	User     string // of the token, or of the connect message
	Header   http.Header
	Query    string
	Status   int // of the response; 101 for an accepted socket
	Code     int // Stream's
}

// Server is the stand-in. It is an http.Handler; the zero value knows no app.
type Server struct {
	now   func() time.Time
	limit int
	delay time.Duration

	accept func(http.ResponseWriter, *http.Request) (Socket, error)

	mu       sync.Mutex
	apps     map[string]*App
	requests []Request
	count    int
	sockets  int
}

// maxRequests is how many requests are remembered; the demo may run all day.
const maxRequests = 1000

// New makes a stand-in.
func New(o Options) *Server {
	s := &Server{now: o.Now, limit: o.Limit, delay: o.Delay, accept: o.Accept, apps: map[string]*App{}}
	if s.now == nil {
		s.now = time.Now
	}
	for key, app := range o.Apps {
		s.Set(key, app)
	}
	return s
}

// Set adds an app or replaces the one of that key.
func (s *Server) Set(key string, app App) {
	app.ID = cmp.Or(app.ID, 1)
	app.Name = cmp.Or(app.Name, "Test App")
	users := map[string]string{}
	for id, name := range app.Users {
		users[id] = name
	}
	app.Users = users
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apps[key] = &app
}

// Remove forgets a key: Stream does not know it any more.
func (s *Server) Remove(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.apps, key)
}

// Requests gives what was requested so far, oldest first, preflights left out.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Count is how many requests came, preflights left out.
func (s *Server) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// Reset forgets what was requested.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests, s.count = nil, 0
}

func (s *Server) record(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) == maxRequests {
		s.requests = slices.Delete(s.requests, 0, maxRequests/10)
	}
	s.requests = append(s.requests, r)
}

// Start serves on a free port of 127.0.0.1. The URL is that of the API; stop
// closes every connection and waits for the server's end.
func (s *Server) Start() (url string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("the fake Stream found no free port: %w", err)
	}
	// Sockets are hijacked from the server; their contexts end with this one.
	ctx, cancel := context.WithCancel(context.Background())
	srv := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			_ = srv.Close()
			if err := <-done; !errors.Is(err, http.ErrServerClosed) {
				panic(err) // Serve ended before it was told to
			}
			s.drain()
		})
	}
	return "http://" + l.Addr().String(), stop, nil
}

// drain waits for the sockets to end, a moment at most.
func (s *Server) drain() {
	for range 200 {
		s.mu.Lock()
		open := s.sockets
		s.mu.Unlock()
		if open == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}
