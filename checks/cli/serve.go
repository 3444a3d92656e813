package cli

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"badsig/tokens"
	"badsig/tokens/server"
)

func newServe(p *Program) *cobra.Command {
	var (
		port     uint16
		host     string
		origins  []string
		lifetime time.Duration
		dir      string
		secret   secretFlagsSet
	)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "be the documented token server, for people who have no backend yet",
		Long: `serve is the documented token server: POST /api/stream/token with
{"userId": "…", "userName": "…"} answers {"token": "…", "userId": "…"}. It listens
on this machine only, and signs for whoever asks: it is for development.

The secret comes from --secret-file, --secret-stdin or STREAM_API_SECRET; where
none is given, from the project, if exactly one sound secret stands there.`,
		Example: `  badsig serve --secret-file secret.txt
  badsig serve --port 4000 --cors http://localhost:5173`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			help := cmd.CommandPath() + " --help"
			for _, o := range origins {
				if u, err := url.Parse(o); o != "*" && (err != nil || u.Host == "" || u.Path != "" || !strings.HasPrefix(u.Scheme, "http")) {
					return wrong("badsig serve --cors http://localhost:3000", "--cors wants origins, such as http://localhost:3000, without a path")
				}
			}
			if lifetime < time.Second {
				return wrong(help, "--lifetime has to be a second or more")
			}
			s, from, err := p.findSecret(cmd, &secret, dir)
			if err != nil {
				return err
			}
			ls, err := server.Listen(net.JoinHostPort(host, strconv.Itoa(int(port))))
			if err != nil {
				return err
			}
			fmt.Fprintf(p.Stderr, "badsig: signs with the secret of %s (%s)\n", from, s)
			at := ls[0].Addr().(*net.TCPAddr)
			shown := host
			if shown == "" {
				shown = at.IP.String()
			}
			fmt.Fprintf(p.Stderr, "badsig: token server on http://%s%s; ctrl+c ends it\n", net.JoinHostPort(shown, strconv.Itoa(at.Port)), server.DefaultPath)
			return server.Serve(cmd.Context(), ls, server.New(server.Options{
				Secret: s, Lifetime: lifetime, Log: p.Stdout, Origins: origins, Hosts: []string{host},
			}))
		},
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.Uint16Var(&port, "port", 3001, "listen on this `PORT`")
	fl.StringVar(&host, "host", "localhost", "and on this `ADDRESS`; localhost is both loopback addresses")
	fl.StringSliceVar(&origins, "cors", nil, "`ORIGINS` whose pages may read the answer; * for all (default: any page of this machine)")
	fl.DurationVar(&lifetime, "lifetime", tokens.DefaultLifetime, "how long a token is good")
	secret.register(cmd)
	fl.StringVar(&dir, "dir", ".", "where no secret is given, find it in the project in `DIR`")
	_ = cmd.MarkFlagDirname("dir")
	for _, name := range []string{"port", "host", "cors", "lifetime"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
	return cmd
}
