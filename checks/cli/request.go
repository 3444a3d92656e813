package cli

import (
	"encoding/json"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/sanitize"
	"badsig/checks/shell"
)

// Rules of this file:
//   - the body and the method are those that the front end sends; those of flags are sent as they are
//   - flags that are shown again hold nothing secret: a header's value and a body may be a login

// maxData bounds a body that is passed.
const maxData = 1 << 20

// requestFlags say how the front end makes the token request.
type requestFlags struct{ data, method string }

func (f *requestFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.data, "data", "", "request body, as your front end sends it: `JSON` or @FILE")
	fl.StringVar(&f.method, "method", "", "HTTP `METHOD` of the request, as your front end sends it")
	_ = cmd.RegisterFlagCompletionFunc("method", cobra.FixedCompletions([]string{"GET", "POST", "PUT", "PATCH"}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("data", cobra.NoFileCompletions)
}

// read gives the body, nil for none, and the method, "" for none.
func (f *requestFlags) read(cmd *cobra.Command, p *Program) (data []byte, method string, err error) {
	help := cmd.CommandPath() + " --help"
	if cmd.Flags().Changed("method") {
		if method = strings.ToUpper(strings.TrimSpace(f.method)); method == "" || strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return nil, "", wrong(help, "--method isn't an HTTP method, such as GET or POST")
		}
	}
	if !cmd.Flags().Changed("data") {
		return nil, method, nil
	}
	name, isFile := affix.CutPrefix(f.data, "@")
	switch {
	case !isFile:
		data = []byte(f.data)
	case name == "":
		return nil, "", wrong(help, "--data @ needs a file's name")
	case name == "-":
		data, err = waited(cmd.Context(), func() ([]byte, error) { return io.ReadAll(io.LimitReader(p.Stdin, maxData+1)) })
	default:
		data, err = waited(cmd.Context(), func() ([]byte, error) {
			file, err := os.Open(name)
			if err != nil {
				return nil, err
			}
			defer file.Close()
			return io.ReadAll(io.LimitReader(file, maxData+1))
		})
	}
	if err != nil {
		return nil, "", wrong(help, "--data: %s", plain(err))
	}
	if len(data) > maxData {
		return nil, "", wrong(help, "--data is larger than 1 MB")
	}
	if text := strings.TrimSpace(string(data)); affix.HasPrefix(text, "{") && !json.Valid(data) {
		return nil, "", wrong(help, `--data isn't valid JSON; in a shell, quote it: --data '{"userId": "jane"}'`)
	}
	if data == nil {
		data = []byte{}
	}
	return data, method, nil
}

// userOf is the user ID that a JSON body requests, "" where it names none or more than one.
func userOf(data []byte) (id string) {
	var fields map[string]any
	if json.Unmarshal(data, &fields) != nil {
		return ""
	}
	for _, name := range facts.IDNames {
		if s, ok := fields[name].(string); ok && s != "" {
			if id != "" && id != s {
				return ""
			}
			id = s
		}
	}
	return id
}

// givenFlags are the flags of a command as they are typed again: in the order
// of the help, with what may be a login left out.
func givenFlags(cmd *cobra.Command) []string {
	var out []string
	cmd.Flags().VisitAll(func(fl *pflag.Flag) {
		if !fl.Changed {
			return
		}
		switch fl.Name {
		case "dir", "url", "user-id", "user-name", "origin", "method", "stream-url", "timeout", "api-key", "browser-key":
			if w := shell.ShellWord(sanitize.URL(fl.Value.String())); w != "" { // else no shell accepts it
				out = append(out, "--"+fl.Name+" "+w)
			}
		case "offline", "secret-stdin":
			out = append(out, "--"+fl.Name)
		case "secret-file":
			out = append(out, "--secret-file "+shell.ShellWord(fl.Value.String()))
		case "data":
			if v := fl.Value.String(); affix.HasPrefix(v, "@") {
				out = append(out, "--data "+shell.ShellWord(v))
			} else {
				out = append(out, "--data '…'")
			}
		case "token":
			out = append(out, "--token -")
		case "header":
			if v, ok := fl.Value.(pflag.SliceValue); ok {
				for _, h := range v.GetSlice() {
					name, _, _ := affix.Cut(h, ":")
					out = append(out, "--header "+shell.Quote(strings.TrimSpace(name)+": …"))
				}
			}
		}
	})
	return out
}
