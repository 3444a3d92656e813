package probe

import (
	"testing"

	"badsig/checks/facts"
	"badsig/checks/fakestream"
	"badsig/checks/internal/projecttest"
	"badsig/tokens"
)

// Stream is contacted where the project's .env says, and what a project merely names gets no request.
func TestStreamIsContactedAtTheProjectsBaseURL(t *testing.T) {
	s := fakestream.New(fakestream.Options{Apps: map[string]fakestream.App{projecttest.K1: {Secret: tokens.NewSecret([]byte(projecttest.S1))}}})
	url, stop, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	files := map[string]string{
		"package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"5","dotenv":"17","stream-chat":"9"}}`,
		".env":         "STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1\nSTREAM_BASE_URL=" + url + "\n",
		"index.js": "require('dotenv').config()\nconst app = require('express')(), { StreamChat } = require('stream-chat')\nconst c = new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n" +
			"app.post('/token', (q, r) => r.json({ token: c.createToken('a') }))\napp.listen(3001)\n",
	}
	f := Look(t.Context(), facts.Target{Dir: projecttest.Write(t, files)}, facts.NamePair).Snapshot()
	if f.Stream == nil || len(f.Stream.Grid) == 0 || f.Stream.Grid[0].Answer.Status != 200 || f.Target.StreamURL != url {
		t.Errorf("asked at %s: %+v", f.Target.StreamURL, f.Stream)
	}
}
