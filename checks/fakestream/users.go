package fakestream

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"
)

// user is a user in the shape in which Stream gives it.
func (s *Server) user(id, name string) map[string]any {
	now := s.now().UTC().Format(time.RFC3339Nano)
	return map[string]any{
		"id": id, "name": name, "role": "user", "created_at": now, "updated_at": now,
		"banned": false, "online": false, "language": "", "teams": []string{},
	}
}

// queryUsers understands {} and conditions on id: a string, $eq, $in.
func (s *Server) queryUsers(r *http.Request, c caller) (any, *refusal) {
	var q struct {
		Filter map[string]json.RawMessage `json:"filter_conditions"`
		Limit  int                        `json:"limit"`
	}
	payload := r.URL.Query().Get("payload")
	if err := json.Unmarshal([]byte(payload), &q); err != nil {
		return nil, refuse(http.StatusBadRequest, 4, "QueryUsers failed with error: \"invalid json data\"")
	}
	want, all, ok := ids(q.Filter)
	if !ok {
		return nil, refuse(http.StatusBadRequest, 4, "QueryUsers failed with error: \"the stand-in understands only conditions on id\"")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	names := make([]string, 0, len(c.app.Users))
	for id := range c.app.Users {
		if all || slices.Contains(want, id) {
			names = append(names, id)
		}
	}
	slices.Sort(names)
	if q.Limit > 0 && len(names) > q.Limit {
		names = names[:q.Limit]
	}
	users := []map[string]any{}
	for _, id := range names {
		users = append(users, s.user(id, c.app.Users[id]))
	}
	return map[string]any{"users": users, "duration": "0.00ms"}, nil
}

func ids(filter map[string]json.RawMessage) (want []string, all, ok bool) {
	if len(filter) == 0 {
		return nil, true, true
	}
	on, has := filter["id"]
	if !has || len(filter) != 1 {
		return nil, false, false
	}
	var one string
	if json.Unmarshal(on, &one) == nil {
		return []string{one}, false, true
	}
	var by struct {
		Eq string   `json:"$eq"`
		In []string `json:"$in"`
	}
	if json.Unmarshal(on, &by) != nil {
		return nil, false, false
	}
	if by.Eq != "" {
		by.In = append(by.In, by.Eq)
	}
	return by.In, false, true
}

// updateUsers makes and renames users; a user may do so with itself only.
func (s *Server) updateUsers(r *http.Request, c caller) (any, *refusal) {
	var in struct {
		Users map[string]struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"users"`
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil || json.Unmarshal(body, &in) != nil || len(in.Users) == 0 {
		return nil, refuse(http.StatusBadRequest, 4, "UpdateUsers failed with error: \"users is a required field\"")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	users := map[string]any{}
	for id, u := range in.Users {
		if c.user != "" && c.user != id {
			return nil, refuse(http.StatusForbidden, 17, "UpdateUsers failed with error: \"User '"+c.user+"' is not allowed to update another user\"")
		}
		c.app.Users[id] = u.Name
		users[id] = s.user(id, u.Name)
	}
	return map[string]any{"users": users, "duration": "0.00ms"}, nil
}
