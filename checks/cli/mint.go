package cli

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

func newMint(p *Program) *cobra.Command {
	valid := lifetime(tokens.DefaultLifetime)
	var (
		dir, userID string
		noIAT       bool
		noEXP       bool
		claims      []string
		secret      secretFlagsSet
	)
	cmd := &cobra.Command{
		Use:   "mint",
		Short: "Print a user token and nothing else",
		Long: `mint signs a user token with HS256 and prints only the token on stdout, so you can
pipe it to a clipboard tool. The secret comes from --secret-file, --secret-stdin
or STREAM_API_SECRET. Without those, it comes from the project (.env files,
.stream/creds.yaml, .dev.vars, .envrc), if badsig finds exactly one valid secret
there. badsig prints on stderr which one it used.

With --no-iat --no-exp, the token is byte for byte the same as Stream's
createToken(id) returns.`,
		Example: `  badsig mint | pbcopy
  badsig mint --user-id jane --lifetime 1d
  badsig mint --claim role=admin --claim 'call_cids=["default:42"]'
  pass show stream/secret | badsig mint --secret-stdin`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			help := cmd.CommandPath() + " --help"
			o := tokens.MintOptions{Lifetime: time.Duration(valid), NoIAT: noIAT}
			switch {
			case noEXP && cmd.Flags().Changed("lifetime"):
				return wrong(help, "--no-exp and --lifetime contradict each other")
			case noEXP:
				o.Lifetime = -1
			case time.Duration(valid) < time.Second:
				return wrong("badsig mint --no-exp", "--lifetime must be at least 1s; for a token that never expires, use --no-exp")
			}
			if userID == "" {
				return wrong("badsig mint --user-id jane", "--user-id is empty; Stream requires a user ID")
			}
			var err error
			if o.Extra, err = parseClaims(claims); err != nil {
				return err
			}
			s, from, err := p.findSecret(cmd, &secret, dir)
			if err != nil {
				return err
			}
			if !s.WellFormed() {
				from += "; note that Stream secrets have 64 characters (a-z, 0-9)"
			}
			token, err := tokens.Mint(s, userID, time.Now(), o)
			if err != nil {
				return wrong(help, "%s", err)
			}
			p.note("signed with the secret from %s (%s)", from, s)
			// A clipboard keeps every byte, so only a terminal gets the newline.
			if f := p.Stdout.File(); f != nil && isTerminal(f) {
				token += "\n"
			}
			return p.Stdout.Print(sanitize.Whole(token))
		},
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&userID, "user-id", facts.DefaultUserID, "the user's `ID`")
	fl.Var(&valid, "lifetime", "`DURATION` for which the token is valid, such as 90m, 24h or 1d")
	fl.BoolVar(&noEXP, "no-exp", false, "leave out exp: the token is valid until the secret changes")
	fl.BoolVar(&noIAT, "no-iat", false, "leave out iat, like Stream's createToken")
	fl.StringArrayVar(&claims, "claim", nil, "add a claim, `NAME=JSON` (a value that isn't JSON is a string); repeatable")
	secret.register(cmd)
	fl.StringVar(&dir, "dir", ".", "without a secret, use the one from the project in `DIR`")
	_ = cmd.MarkFlagDirname("dir")
	for _, name := range []string{"user-id", "lifetime", "claim"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
	return cmd
}

// parseClaims reads NAME=JSON. A value that isn't JSON is taken as a string,
// because role=admin is what people type.
func parseClaims(list []string) (map[string]any, error) {
	if len(list) == 0 {
		return nil, nil
	}
	out := map[string]any{}
	for _, c := range list {
		name, value, ok := affix.Cut(c, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return nil, wrong("badsig mint --claim role=admin", "--claim must be NAME=JSON")
		}
		if _, twice := out[name]; twice {
			return nil, wrong("badsig mint --help", "--claim %s appears twice", short(name))
		}
		d := json.NewDecoder(strings.NewReader(value))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil || d.More() {
			v = value
		}
		out[name] = v
	}
	return out, nil
}

// findSecret gives the secret to sign with and the words for its place: what
// was passed, else the project's, where there is no doubt which one it is.
func (p *Program) findSecret(cmd *cobra.Command, given *secretFlagsSet, dir string) (tokens.Secret, string, error) {
	s, from, err := given.read(cmd, p)
	if err != nil || !s.IsZero() {
		return s, from, err
	}
	if err := folder(dir, cmd.CommandPath()+" --help"); err != nil {
		return s, "", err
	}
	ctx, cancel := context.WithTimeoutCause(cmd.Context(), lookTime, wrong(cmd.CommandPath()+" --secret-file FILE", "%s is too large to search within %s", clean(dir), lookTime))
	defer cancel()
	w := lookAt(ctx, facts.Target{Dir: dir, Offline: true})
	if err := context.Cause(ctx); err != nil && (cmd.Context().Err() != nil || w.Snapshot().Project == nil) {
		return s, "", err
	}
	return soundSecret(w, cmd.CommandPath()+" --secret-file FILE")
}

// soundSecret picks the project's only valid secret: the one its server reads,
// else the only one there is.
func soundSecret(w *vault.World, next string) (tokens.Secret, string, error) {
	var none tokens.Secret
	f := w.Snapshot()
	if s := f.Server; s != nil && s.SecretKnown && s.Secret >= 0 && s.Secret < len(f.Values) {
		v := &f.Values[s.Secret]
		if !signable(v) {
			return none, "", wrong("badsig check", "the secret in %s looks wrong", facts.Where(v))
		}
		return w.Secret(v.ID), facts.Where(v), nil
	}
	found := validSecrets(f, facts.RoleServer, facts.RoleShared)
	// First .stream/creds.yaml, .dev.vars and .envrc, which may belong to either side, then what a front end's
	// folder holds: a React project that has no backend yet keeps the secret there.
	for _, role := range []facts.Role{facts.RoleUnknown, facts.RoleFront} {
		if len(found) == 0 {
			found = validSecrets(f, role)
		}
	}
	switch len(found) {
	case 0:
		return none, "", wrong(next, "no valid secret found in this project")
	case 1:
		return w.Secret(found[0].ID), facts.Where(found[0]), nil
	}
	places := make([]string, 0, 3)
	for _, v := range found[:min(3, len(found))] {
		places = append(places, facts.Where(v))
	}
	return none, "", wrong(next, "found %d different secrets (%s); choose one with --secret-file", len(found), strings.Join(places, ", "))
}

// validSecrets lists the different secrets in files of these roles.
func validSecrets(f *facts.Facts, roles ...facts.Role) []*facts.Value {
	var found []*facts.Value
	for i := range f.Values {
		v := &f.Values[i]
		if v.What == facts.WhatSecret && !v.Comment && !v.Lost() && signable(v) && slices.Contains(roles, v.Role) && v.Kind != facts.KindKnown &&
			!affix.Any(found, func(o *facts.Value) bool { return o.Fingerprint == v.Fingerprint }) {
			found = append(found, v)
		}
	}
	return found
}

// signable reports whether a secret is worth signing with: eight characters or
// more, and nothing wrong with it.
func signable(v *facts.Value) bool { return v.Sound() && v.Length >= 8 }
