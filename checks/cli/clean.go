package cli

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"badsig/checks/outfile"
	"badsig/checks/sanitize"
)

// secretFlags are names that people try; each is rejected before cobra sees it,
// because cobra's own message would repeat the value.
var secretFlags = []string{
	"secret", "api-secret", "api_secret", "apisecret", "apiSecret", "stream-secret", "stream-api-secret",
	"app-secret", "client-secret", "password",
}

// freeText are the flags whose value may well be 64 letters and digits, such as a hash used as a user's id.
var freeText = []string{"user-id", "user-name", "claim"}

// refuseSecrets looks for a secret among the arguments. Everything after --
// belongs to another program.
func refuseSecrets(args []string) error {
	const why = "arguments are visible to other processes and saved in shell history"
	const next = "badsig check --secret-file FILE"
	flag := "" // whose value comes next
	for _, a := range args {
		if a == "--" {
			return nil
		}
		value := a
		if rest, ok := affix.CutPrefix(a, "--"); ok {
			flag, value, ok = affix.Cut(rest, "=")
			if facts.OneOf(secretFlags, flag) {
				return wrong(next, "--%s isn't supported: %s", flag, why)
			}
			if !ok {
				continue
			}
		}
		if secretShaped(value) && !facts.OneOf(freeText, flag) {
			if flag == "api-key" {
				return wrong(next, "the value of --api-key looks like the API secret, not the key: %s", why)
			}
			return wrong(next, "an argument looks like a Stream API secret: %s", why)
		}
		flag = ""
	}
	return nil
}

// secretShaped reports whether a string looks like a Stream secret, or like
// one that has lost or gained a few characters.
func secretShaped(s string) bool {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '"' || r == '\'' })
	if len(s) < 50 || len(s) > 80 {
		return false
	}
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		default:
			return false
		}
	}
	return digits > 0
}

// clean makes a message fit to be printed: what has the shape of a secret, and
// every token's signature, is taken out, and control characters are made visible.
func clean(s string) string {
	return sanitize.Shown(strings.ToValidUTF8(s, "\uFFFD"))
}

func isAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// short cuts an argument for a message.
func short(s string) string {
	s = clean(s) // before it is cut: half a secret has another shape
	if r := []rune(s); len(r) > 24 {
		return string(r[:24]) + "…"
	}
	return s
}

// flagError says in badsig's words what pflag found, without the value.
func flagError(err error) string {
	var unknown *pflag.NotExistError
	var noValue *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			return fmt.Sprintf("unknown flag -%s", short(name))
		}
		return fmt.Sprintf("unknown flag --%s", short(name))
	case errors.As(err, &noValue):
		return fmt.Sprintf("--%s needs a value", noValue.GetFlag().Name)
	case errors.As(err, &bad):
		why := ""
		if e := bad.Unwrap(); e != nil {
			why = ": " + wants(bad.GetFlag(), e)
		}
		return fmt.Sprintf("invalid value for --%s%s", bad.GetFlag().Name, why)
	}
	return short(err.Error())
}

// wants says what a flag's value has to be.
func wants(f *pflag.Flag, err error) string {
	switch f.Value.Type() {
	case "duration":
		return "expected a duration such as 500ms, 5s or 2m"
	case "lifetime":
		return "expected a duration such as 90m, 24h or 1d"
	case "int", "uint16":
		return "expected a whole number"
	case "bool":
		return "expected true or false"
	}
	return err.Error()
}

// openDebugLog sends the program's own log to a file. Without the flag nothing
// is written: the default logger would write to the terminal of the console.
func openDebugLog(cmd *cobra.Command, p *Program) error {
	name, _ := cmd.Flags().GetString("debug-log")
	if name == "" {
		log.SetOutput(io.Discard)
		return nil
	}
	w, err := waited(p.ctx, func() (*os.File, error) { return outfile.Append(name, outfile.Begins("time=")) })
	if err != nil {
		return wrong(cmd.CommandPath()+" --help", "--debug-log %s: %s", short(name), plain(err))
	}
	log.SetOutput(sanitize.To(w).Lines(p.known))
	log.SetPrefix("time=")
	log.SetFlags(log.LstdFlags | log.LUTC)
	log.Printf("%s starts", cmd.CommandPath())
	return nil
}

// plain is an operating system's error without the name of the call.
func plain(err error) string {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Path + ": " + pe.Err.Error()
	}
	return err.Error()
}
