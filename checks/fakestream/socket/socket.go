// Package socket gives the stand-in for Stream its WebSocket. It is a room of
// its own because only the tests with a real client open one: the program
// that people install carries no WebSocket server for the demo's sake.
package socket

import (
	"context"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"badsig/checks/fakestream"
)

// Accept upgrades a request to a socket; pages of every origin may connect.
// If it fails, it has sent the response.
func Accept(w http.ResponseWriter, r *http.Request) (fakestream.Socket, error) {
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return nil, err
	}
	return socket{c}, nil
}

type socket struct{ c *websocket.Conn }

// Send writes one text frame, within five seconds.
func (s socket) Send(ctx context.Context, frame []byte) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return s.c.Write(ctx, websocket.MessageText, frame)
}

// Wait waits for the client's next message.
func (s socket) Wait(ctx context.Context) error {
	_, _, err := s.c.Read(ctx)
	return err
}

// End closes with 1000 and a reason; Close drops the connection.
func (s socket) End(reason string) { _ = s.c.Close(websocket.StatusNormalClosure, reason) }
func (s socket) Close()            { _ = s.c.CloseNow() }
