package fakestream

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"badsig/tokens"
)

// Socket is an accepted WebSocket.
type Socket interface {
	// Send writes one text frame.
	Send(ctx context.Context, frame []byte) error
	// Wait waits for the client's next message and forgets it.
	Wait(ctx context.Context) error
	// End closes with 1000 and a reason.
	End(reason string)
	// Close drops the connection.
	Close()
}

// connect is the socket of connectUser: the token is in the URL, an
// accepted one is greeted with a health check, a rejected one gets one frame
// with the error and the end of the connection. Stream closes with 1000 then;
// the client regards any other code as a fault of the network and connects again.
func (s *Server) connect(w http.ResponseWriter, r *http.Request, log Request) {
	q := r.URL.Query()
	log.Token, log.AuthType, log.Client = q.Get("authorization"), q.Get("stream-auth-type"), q.Get("X-Stream-Client")
	var hello struct {
		UserID  string `json:"user_id"`
		Details struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"user_details"`
	}
	c, no := s.authenticate(log.Key, log.Token, log.AuthType)
	switch err := json.Unmarshal([]byte(q.Get("json")), &hello); {
	case no != nil:
	case err != nil:
		no = refuse(http.StatusBadRequest, 4, "invalid json data")
	case hello.Details.ID == "":
		no = refuse(http.StatusBadRequest, 4, "user_details is a required field")
	case c.user == "" || c.user != hello.Details.ID:
		// No thread quotes Stream's text for this: the clients see it first.
		no = refuse(http.StatusUnauthorized, tokens.CodeToken, "the token's user_id is not the user that connects")
	}
	log.User, log.Status = hello.Details.ID, http.StatusSwitchingProtocols
	if no != nil {
		log.Status, log.Code = no.Status, no.Code
	}
	s.record(log)
	ws, err := s.accept(w, r)
	if err != nil {
		return // the response has been sent
	}
	s.addSocket(1)
	defer s.addSocket(-1)
	defer ws.Close()
	ctx := r.Context()
	if no != nil {
		if send(ctx, ws, map[string]any{"error": no}) == nil {
			ws.End(fmt.Sprintf("code %d", no.Code))
		}
		return
	}
	s.mu.Lock()
	c.app.Users[hello.Details.ID] = hello.Details.Name
	s.mu.Unlock()
	s.converse(ctx, ws, hello.Details.ID, hello.Details.Name)
}

func (s *Server) addSocket(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets += n
}

// converse sends a greeting and then responds to every ping until the client goes.
func (s *Server) converse(ctx context.Context, ws Socket, id, name string) {
	me := s.user(id, name)
	for _, list := range []string{"devices", "mutes", "channel_mutes"} {
		me[list] = []any{}
	}
	me["online"], me["total_unread_count"], me["unread_channels"], me["unread_count"] = true, 0, 0, 0
	health := map[string]any{"type": "health.check", "connection_id": rand.Text(), "cid": "*", "me": me}
	for {
		health["created_at"] = s.now().UTC().Format(time.RFC3339Nano)
		if send(ctx, ws, health) != nil {
			return
		}
		delete(health, "me") // only the greeting says who one is
		if ws.Wait(ctx) != nil {
			return
		}
	}
}

func send(ctx context.Context, ws Socket, frame any) error {
	b, err := json.Marshal(frame)
	if err != nil {
		return err
	}
	return ws.Send(ctx, b)
}
