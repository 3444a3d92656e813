package cli

import (
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/tokens"
	"badsig/tokens/server"
)

func newServe(p *Program) *cobra.Command {
	valid := lifetime(tokens.DefaultLifetime)
	var (
		port    uint16
		host    string
		origins []string
		dir     string
		secret  secretFlagsSet
	)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a sample token server",
		Long: `serve runs the documented token server, if you don't have a backend yet: POST
{"userId": "…", "userName": "…"} to /api/stream/token and it returns
{"token": "…", "userId": "…"}. It listens on this machine only and signs any user
ID, so use it for development only.

The secret comes from --secret-file, --secret-stdin or STREAM_API_SECRET. Without
those, it comes from the project (.env files, .stream/creds.yaml, .dev.vars,
.envrc), if badsig finds exactly one valid secret there.`,
		Example: `  badsig serve --secret-file secret.txt
  badsig serve --port 4000 --cors http://localhost:5173`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			help := cmd.CommandPath() + " --help"
			for _, o := range origins {
				if u, err := url.Parse(o); o != "*" && (err != nil || u.Host == "" || u.Path != "" || !affix.HasPrefix(u.Scheme, "http")) {
					return wrong("badsig serve --cors http://localhost:3000", "--cors must be an origin without a path, such as http://localhost:3000")
				}
			}
			if time.Duration(valid) < time.Second {
				return wrong(help, "--lifetime must be at least 1s")
			}
			s, from, err := p.findSecret(cmd, &secret, dir)
			if err != nil {
				return err
			}
			p.known.target(&facts.Target{Secret: s})
			ls, err := server.Listen(net.JoinHostPort(host, strconv.Itoa(int(port))))
			if err != nil {
				return err
			}
			p.note("signing with the secret from %s (%s)", from, s)
			at := ls[0].Addr().(*net.TCPAddr)
			shown := host
			if shown == "" {
				shown = at.IP.String()
			}
			p.note("token server on http://%s%s; press ctrl+c to stop", net.JoinHostPort(shown, strconv.Itoa(at.Port)), server.DefaultPath)
			return server.Serve(cmd.Context(), ls, server.New(server.Options{
				Secret: s, Lifetime: time.Duration(valid), Log: p.Stdout.Lines(p.known), Origins: origins, Hosts: []string{host},
			}))
		},
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.Uint16Var(&port, "port", 3001, "the `PORT` to listen on")
	fl.StringVar(&host, "host", "localhost", "the `ADDRESS` to listen on; localhost means 127.0.0.1 and ::1")
	fl.StringSliceVar(&origins, "cors", nil, "`ORIGINS` whose pages can read the response; * for all (default: any page on this machine)")
	fl.Var(&valid, "lifetime", "`DURATION` for which a token is valid, such as 90m, 24h or 1d")
	secret.register(cmd)
	fl.StringVar(&dir, "dir", ".", "without a secret, use the one from the project in `DIR`")
	_ = cmd.MarkFlagDirname("dir")
	for _, name := range []string{"port", "host", "cors", "lifetime"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
	return cmd
}
