package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"badsig/checks/affix"
	"badsig/tokens"
)

// maxSecretFile bounds what is read as a secret; Stream's have 64 characters.
const maxSecretFile = 4 << 10

// maxToken bounds what is read as a token.
const maxToken = 4 << 20

// secretFlagsSet are the ways to pass a secret.
type secretFlagsSet struct {
	file  string
	stdin bool
}

func (f *secretFlagsSet) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "secret-file", "", "read the API secret from `FILE`, which contains nothing else (also "+fromShell(cmd, "SECRET")+")")
	cmd.Flags().BoolVar(&f.stdin, "secret-stdin", false, "read the API secret from stdin")
	_ = cmd.MarkFlagFilename("secret-file")
}

// read returns the secret and where it came from; the zero Secret if there is
// none.
func (f *secretFlagsSet) read(cmd *cobra.Command, p *Program) (tokens.Secret, string, error) {
	var none tokens.Secret
	help := cmd.CommandPath() + " --help"
	switch {
	case f.file != "" && f.stdin:
		return none, "", wrong(help, "use either --secret-file or --secret-stdin, not both")
	case f.stdin || f.file == "-":
		b, err := waited(cmd.Context(), func() ([]byte, error) { return io.ReadAll(io.LimitReader(p.Stdin, maxSecretFile+1)) })
		if err != nil {
			return none, "", wrong(help, "can't read the secret from stdin: %s", plain(err))
		}
		s, err := oneLine(b, "stdin", help)
		return s, "stdin", err
	case f.file != "":
		b, err := waited(cmd.Context(), func() ([]byte, error) { return readSecretFile(f.file) })
		if err != nil {
			return none, "", wrong(help, "--secret-file: %s", plain(err))
		}
		s, err := oneLine(b, f.file, help)
		return s, f.file, err
	case cmd.Flags().Changed("secret-file"):
		return none, "", wrong(help, "--secret-file is empty")
	}
	if v, name := p.shellValue(cmd, "SECRET"); v != "" {
		return tokens.NewSecret([]byte(v)), name, nil
	}
	return none, "", nil
}

func readSecretFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxSecretFile+1))
}

// oneLine reads the secret from a file that contains nothing else. It strips only
// the newline an editor adds: other whitespace may be the very bug, and must stay
// visible.
func oneLine(b []byte, from, help string) (tokens.Secret, error) {
	if len(b) > maxSecretFile {
		return tokens.Secret{}, wrong(help, "%s is too long for a secret; expected one line", from)
	}
	b = bytes.TrimSuffix(b, []byte("\n"))
	b = bytes.TrimSuffix(b, []byte("\r"))
	switch {
	case len(b) == 0:
		return tokens.Secret{}, wrong(help, "%s is empty; expected one line with the secret", from)
	case looksEnv(b):
		return tokens.Secret{}, wrong("badsig check --dir .",
			"%s is a .env file; expected a file with only the secret. badsig finds your .env files by itself", from)
	case bytes.ContainsAny(b, "\n"):
		return tokens.Secret{}, wrong(help, "%s has several lines; expected one line with the secret", from)
	}
	return tokens.NewSecret(b), nil
}

// looksEnv reports whether a file consists of NAME=value lines.
func looksEnv(b []byte) bool {
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, _, ok := affix.Cut(affix.TrimPrefix(line, "export "), "=")
		name = strings.TrimSpace(name)
		return ok && len(name) > 1 && strings.IndexFunc(name, func(r rune) bool { return !isAlnum(r) && r != '_' }) < 0 &&
			(affix.Contains(name, "_") || strings.ToUpper(name) == name)
	}
	return false
}

// readToken reads a token from stdin, without its trailing newline.
func readToken(ctx context.Context, r io.Reader, next string) (string, error) {
	b, err := waited(ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(r, maxToken+1)) })
	switch {
	case err != nil:
		return "", wrong(next, "can't read the token from stdin: %s", plain(err))
	case len(b) > maxToken:
		return "", wrong(next, "the token on stdin is longer than %d MiB", maxToken>>20)
	}
	s := affix.TrimSuffix(affix.TrimSuffix(string(b), "\n"), "\r")
	if s == "" {
		return "", wrong(next, "expected a token on stdin, got nothing")
	}
	return s, nil
}
