package demo

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/probe/envfile"
	"badsig/checks/sanitize"
)

// order is what a backend process reads from its stdin: one line of JSON.
type order struct {
	Fault  causes.ID
	Addrs  []string
	Secret string // only if the bug is a secret that is in no file
	Folder string // removed when the program that gave the order has ended
}

// backend is the server of a demo project: the documented token endpoint, changed
// by the bug.
type backend struct {
	row
	told    string
	atStart []byte // what the environment and .env held when the process started
	count   atomic.Int64
	log     io.Writer
	closed  chan struct{} // ends what hangs
}

// ready is what a backend prints once it listens.
const ready = "listening\n"

// Backend is the whole life of a backend process: it reads its order from in,
// says on out that it listens or why not, and ends when in ends, so that it
// never outlives the program that started it.
func Backend(in io.Reader, out io.Writer) error {
	d := json.NewDecoder(in)
	var o order
	if err := d.Decode(&o); err != nil {
		return errors.New("this command is demo's own; try: badsig demo")
	}
	b := &backend{told: o.Secret, atStart: readEnv(), log: out, closed: make(chan struct{})}
	b.row, _ = rowOf(o.Fault) // no row: a healthy backend
	srv := &http.Server{Handler: b, ReadHeaderTimeout: 10 * time.Second}
	listening := 0
	for _, addr := range o.Addrs {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			if listening > 0 { // this machine has one loopback family only
				continue
			}
			fmt.Fprintln(out, err)
			return err
		}
		listening++
		go func() { _ = srv.Serve(l) }()
	}
	if _, err := io.WriteString(out, ready); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, io.MultiReader(d.Buffered(), in))
	close(b.closed)
	_ = srv.Close()
	removeFolder(o.Folder)
	return nil
}

// removeFolder removes a demo's folder, and nothing that is not surely one:
// an order is only text on stdin.
func removeFolder(dir string) {
	temp, err := filepath.EvalSymlinks(os.TempDir()) // as Start has the folder
	if err != nil || !affix.HasPrefix(filepath.Base(dir), folderPrefix) || filepath.Clean(dir) != filepath.Join(temp, filepath.Base(dir)) {
		return
	}
	_ = os.Chdir(temp)
	_ = os.RemoveAll(dir)
}

// ServeHTTP is Express with cors, express.json and one route.
func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Powered-By", "Express")
	if b.ahead != 0 {
		h.Set("Date", time.Now().Add(b.ahead).UTC().Format(http.TimeFormat))
	}
	h.Set("Access-Control-Allow-Origin", "http://localhost:3000")
	h.Set("Vary", "Origin")
	if b.header != nil {
		b.header(h)
	}
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE")
		h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if b.answer != nil && b.answer(b, w, r) {
		return
	}
	if r.URL.Path != "/api/stream/token" || r.Method != http.MethodPost {
		cannot(w, r)
		return
	}
	b.mint(w, r)
}

// mint responds to the documented request.
func (b *backend) mint(w http.ResponseWriter, r *http.Request) {
	var q struct{ UserID, UserName string }
	_ = json.NewDecoder(io.LimitReader(r.Body, 100<<10)).Decode(&q)
	if q.UserID == "" {
		reply(w, 400, map[string]any{"error": "userId is required"})
		return
	}
	secret := b.signWith()
	if len(secret) == 0 {
		page(w, 500, "Error: secretOrPrivateKey must have a value")
		return
	}
	now := time.Now().Add(b.ahead)
	c := &claims{}
	c.set("user_id", q.UserID)
	c.set("iat", now.Unix())
	c.set("exp", now.Unix()+3600)
	if b.claims != nil {
		b.claims(c, q.UserID, now)
	}
	alg := b.alg
	if alg == "" {
		alg = "HS256"
	}
	token := sign(alg, c, secret)
	if b.token != nil {
		token = b.token(token)
	}
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "no-store")
	}
	var body any = map[string]any{"token": token, "userId": q.UserID}
	if b.body != nil {
		body = b.body(token, q.UserID)
	}
	fmt.Fprintf(b.log, "Generated token for user: %s (%s)\nToken preview: %s...\n", sanitize.Visible(q.UserID), sanitize.Visible(q.UserName), token[:min(len(token), 24)])
	reply(w, 200, body)
}

// signWith is the secret that the project's code would use: the one it was
// passed, else the one it read at startup.
func (b *backend) signWith() []byte {
	s := b.atStart
	if b.told != "" {
		s = []byte(b.told)
	}
	if b.row.secret != nil {
		s = b.row.secret(s)
	}
	if b.varies && b.count.Add(1)%2 == 0 {
		s = []byte(invent(64))
	}
	return s
}

// reply responds with JSON.
func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	b, _ := json.Marshal(v)
	_, _ = w.Write(b)
}

// page responds like Express to an uncaught error.
func page(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>%s</pre>\n</body>\n</html>\n", text)
}

// cannot responds like Express if there is no such route.
func cannot(w http.ResponseWriter, r *http.Request) {
	page(w, 404, "Cannot "+r.Method+" "+r.URL.EscapedPath())
}

// claims is a JSON object that keeps its order.
type claims struct {
	names  []string
	values map[string]any
}

//go:noinline
func (c *claims) set(name string, v any) {
	if c.values == nil {
		c.values = map[string]any{}
	}
	if _, ok := c.values[name]; !ok {
		c.names = append(c.names, name)
	}
	c.values[name] = v
}

func (c *claims) drop(names ...string) {
	for _, n := range names {
		for i, have := range c.names {
			if have == n {
				c.names = append(c.names[:i], c.names[i+1:]...)
				break
			}
		}
		delete(c.values, n)
	}
}

// MarshalJSON writes the claims in their order.
func (c *claims) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, n := range c.names {
		if i > 0 {
			b.WriteByte(',')
		}
		name, _ := json.Marshal(n)
		v, err := json.Marshal(c.values[n])
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// sign makes a compact JWS. It is not tokens.Mint, which makes no wrong ones.
func sign(alg string, c *claims, secret []byte) string {
	payload, _ := json.Marshal(c)
	enc := base64.RawURLEncoding
	input := enc.EncodeToString([]byte(`{"alg":"`+alg+`","typ":"JWT"}`)) + "." + enc.EncodeToString(payload)
	var make func() hash.Hash = sha256.New
	if alg == "HS512" {
		make = sha512.New
	}
	m := hmac.New(make, secret)
	m.Write([]byte(input))
	return input + "." + enc.EncodeToString(m.Sum(nil))
}

// readEnv reads STREAM_API_SECRET like "import 'dotenv/config'" does: the value
// from the environment overrides the file's.
func readEnv() []byte {
	if v, ok := os.LookupEnv("STREAM_API_SECRET"); ok {
		return []byte(v)
	}
	data, err := os.ReadFile(".env")
	if err != nil {
		return nil
	}
	value, _ := envfile.Read(data, envfile.Dotenv, nil).Get("STREAM_API_SECRET")
	return value
}
