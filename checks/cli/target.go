package cli

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/watching"
	"badsig/tokens"
)

// targetFlags are the flags that check, report and the console share.
type targetFlags struct {
	dir, url, userID, userName string
	headers                    []string
	origin, token, apiKey      string
	browserKey                 string
	offline                    bool
	streamURL                  string
	timeout                    time.Duration
	secret                     secretFlagsSet
	request                    requestFlags
	forget                     bool
}

// register adds the shared flags to a command.
func (f *targetFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.dir, "dir", "", "project folder `DIR` (default: the current folder)")
	fl.StringVar(&f.url, "url", "", "token endpoint `URL` (default: found in the project, else "+facts.DefaultURL+")")
	fl.StringVar(&f.userID, "user-id", "", "user `ID` to request a token for (default "+facts.DefaultUserID+")")
	fl.StringVar(&f.userName, "user-name", "", "user `NAME` to send with it (default "+facts.DefaultUserName+")")
	fl.StringArrayVar(&f.headers, "header", nil, "header to send to the endpoint, `'NAME: VALUE'`; repeatable")
	f.request.register(cmd)
	fl.StringVar(&f.origin, "origin", "", "the front end's origin `URL`, for the CORS check")
	fl.StringVar(&f.token, "token", "", "the `JWT` the browser uses; - for stdin")
	fl.StringVar(&f.browserKey, "browser-key", "", "API `KEY` the browser uses, as Stream's error quotes it (default: the front end's files)")
	fl.StringVar(&f.apiKey, "api-key", "", "API `KEY` from the dashboard (also "+fromShell(cmd, "KEY")+")")
	f.secret.register(cmd)
	fl.BoolVar(&f.forget, "forget", false, "forget the user that the console remembers for this project")
	fl.BoolVar(&f.offline, "offline", false, "stay on this machine: don't contact Stream")
	fl.StringVar(&f.streamURL, "stream-url", "", "Stream's API `URL` (default "+facts.DefaultStreamURL+"; also STREAM_BASE_URL)")
	fl.DurationVar(&f.timeout, "timeout", facts.DefaultTimeout, "stop waiting for a response after `DURATION`")
	_ = cmd.MarkFlagDirname("dir")
	for _, name := range []string{"url", "user-id", "user-name", "header", "origin", "token", "browser-key", "api-key", "stream-url", "timeout"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
}

// target makes the target of what the flags and the environment say.
func (f *targetFlags) target(cmd *cobra.Command, p *Program) (facts.Target, error) {
	help := cmd.CommandPath() + " --help"
	t := facts.Target{Dir: f.dir, URL: f.url, UserID: f.userID, UserName: f.userName, Origin: f.origin,
		Offline: f.offline, StreamURL: f.streamURL, Timeout: f.timeout}
	if t.Dir == "" {
		t.Dir = projectFolder(".")
	}
	if err := folder(t.Dir, help); err != nil {
		return t, err
	}
	for _, u := range []struct{ name, value string }{{"url", t.URL}, {"origin", t.Origin}, {"stream-url", t.StreamURL}} {
		if err := checkURL(u.name, u.value, help); err != nil {
			return t, err
		}
	}
	if t.StreamURL == "" {
		// the official SDKs ignore a value that isn't a URL, too
		if base := p.Getenv("STREAM_BASE_URL"); affix.HasPrefix(base, "http") && checkURL("", base, "") == nil {
			t.StreamURL = base
		}
	}
	for _, name := range []string{"user-id", "user-name"} {
		if fl := cmd.Flags().Lookup(name); fl.Changed && strings.TrimSpace(fl.Value.String()) == "" {
			return t, wrong(help, "--%s is empty", name)
		}
	}
	f.remembered(cmd, p, &t)
	if t.Timeout <= 0 {
		return t, wrong(help, "--timeout must be more than 0, such as 5s")
	}
	var err error
	if t.Header, err = parseHeaders(f.headers, help); err != nil {
		return t, err
	}
	if t.Data, t.Method, err = f.request.read(cmd, p); err != nil {
		return t, err
	}
	if id := userOf(t.Data); id != "" && !cmd.Flags().Changed("user-id") {
		t.UserID = id // the token is for the user of the body that was passed
	}
	t.Flags = givenFlags(cmd)
	if t.APIKey, t.Secret, err = f.pair(cmd, p); err != nil {
		return t, err
	}
	p.known.target(&t)
	if t.Browser = tokens.APIKey(strings.TrimSpace(f.browserKey)); cmd.Flags().Changed("browser-key") && !t.Browser.WellFormed() {
		return t, wrong(help, "--browser-key isn't an API key: keys have 12 characters (a-z, 0-9)")
	}
	switch f.token {
	case "":
		if cmd.Flags().Changed("token") {
			return t, wrong(help, "--token is empty")
		}
	case "-":
		if f.secret.stdin {
			return t, wrong(help, "--token - and --secret-stdin can't both read stdin; use --secret-file")
		}
		t.Token, err = readToken(cmd.Context(), p.Stdin, cmd.CommandPath()+" --token - < token.txt")
	default:
		t.Token = f.token
	}
	return t, err
}

// remembered sets the user that the console was last used with in this
// project, so that check looks at the same one, and says so.
func (f *targetFlags) remembered(cmd *cobra.Command, p *Program, t *facts.Target) {
	memory := watching.OpenMemory("", t.Dir)
	id, name := memory.Identity()
	if f.forget {
		if memory.Forget(); id != "" {
			p.note("forgot the user remembered for this project")
		}
		return
	}
	if t.UserID != "" || id == "" || id == facts.DefaultUserID && (name == "" || name == facts.DefaultUserName) {
		return
	}
	if t.UserID = id; t.UserName == "" {
		t.UserName = name
	}
	if n := cmd.Name(); n == "check" || n == "report" {
		p.note("using the user %s, as the console did in this project; --forget forgets it", short(id))
	}
}

// pair is the dashboard's key and secret, from flags or the environment.
func (f *targetFlags) pair(cmd *cobra.Command, p *Program) (tokens.APIKey, tokens.Secret, error) {
	help := cmd.CommandPath() + " --help"
	key := strings.TrimSpace(f.apiKey)
	switch given := cmd.Flags().Changed("api-key"); {
	case given && key == "":
		return "", tokens.Secret{}, wrong(help, "--api-key is empty")
	case given && !tokens.APIKey(key).WellFormed():
		return "", tokens.Secret{}, wrong(help, "--api-key isn't an API key: keys have 12 characters (a-z, 0-9)")
	case !given:
		v, name := p.shellValue(cmd, "KEY")
		if key = strings.TrimSpace(v); secretShaped(key) {
			return "", tokens.Secret{}, wrong("unset "+name, "%s is set to what looks like the API secret", name)
		}
	}
	secret, _, err := f.secret.read(cmd, p)
	return tokens.APIKey(key), secret, err
}

// folder rejects a --dir that isn't a folder.
func folder(dir, next string) error {
	switch st, err := os.Stat(dir); {
	case err != nil:
		return wrong(next, "--dir: %s", plain(err))
	case !st.IsDir():
		return wrong(next, "--dir: %s is a file; expected a folder", dir)
	}
	return nil
}

// checkURL rejects anything but an absolute http URL, and suggests one.
func checkURL(name, s, help string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return nil
	}
	if affix.HasPrefix(s, "localhost") || affix.HasPrefix(s, "127.") || affix.HasPrefix(s, ":") {
		return wrong("--"+name+" http://"+affix.TrimPrefix(s, "//"), "--%s must start with http:// or https://", name)
	}
	return wrong(help, "--%s must be an http:// or https:// URL", name)
}

// parseHeaders reads 'Name: value' lines. A value is never repeated: it may be a login.
func parseHeaders(lines []string, help string) (http.Header, error) {
	if len(lines) == 0 {
		return nil, nil
	}
	h := http.Header{}
	for _, l := range lines {
		name, value, why := facts.ReadHeader(l)
		switch {
		case name == "":
			return nil, wrong(help, "--header must be 'Name: value', such as --header 'Authorization: Bearer …'")
		case why != "":
			return nil, wrong(help, "--header %s: %s", short(name), why)
		}
		h.Add(name, value)
	}
	return h, nil
}
