package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// configured gives a process the environment that its Compose file, or PM2's
// configuration, has now: what docker compose up and pm2 restart would give it.
func (l *Live) configured(p Proc) (Proc, error) {
	var set map[string]string
	var err error
	switch l.Scenario.Layout.Name {
	case compose.Name:
		set, err = l.composed()
	case pm2.Name:
		set, err = l.managed()
	default:
		return l.handed(p)
	}
	if err != nil || set == nil {
		return p, err
	}
	var env []string
	for _, e := range p.Env {
		name, _, _ := strings.Cut(e, "=")
		switch value, is := set[name]; {
		case name == "PORT" || !strings.Contains(name, "STREAM"):
		case is:
			e = name + "=" + value
		default:
			continue // it's started anew, without it
		}
		env = append(env, e)
	}
	for name, value := range set { // what the edits added, or gave another name
		if strings.Contains(name, "STREAM") {
			env = append(env, name+"="+value)
		}
	}
	p.Env = env
	return p, nil
}

// handed gives a process what a start script, an editor's configuration or docker run --env-file, of which
// the scenario has handed it a secret, hands it now.
func (l *Live) handed(p Proc) (Proc, error) {
	read := func(file string) string {
		text, _ := os.ReadFile(filepath.Join(l.Dir, file))
		return string(text)
	}
	var env []string
	for _, e := range p.Env {
		name, value, _ := strings.Cut(l.Vars.fill(e), "=")
		switch {
		case strings.HasSuffix(l.Scenario.Name, ": npm script cross-env"):
			if !strings.Contains(read("package.json"), name+"="+value) && strings.Contains(name, "SECRET") {
				continue
			}
		case strings.HasSuffix(l.Scenario.Name, ": vscode launch.json"):
			if !strings.Contains(read(".vscode/launch.json"), value) && strings.Contains(name, "SECRET") {
				continue
			}
		case strings.HasSuffix(l.Scenario.Name, ": docker run --env-file keeps the quotes"):
			for line := range strings.Lines(read(l.Scenario.Layout.Env)) {
				if n, v, _ := strings.Cut(strings.TrimRight(line, "\r\n"), "="); n == name {
					e = name + "=" + v
				}
			}
		}
		env = append(env, e)
	}
	p.Env = env
	return p, nil
}

// hasConfiguration tells a layout whose processes get their environment from a file that is read again at a restart.
func (l *Live) hasConfiguration() bool {
	return l.Scenario.Layout.Name == compose.Name || l.Scenario.Layout.Name == pm2.Name
}

// composed are the variables of the one service of a Compose file that has a secret.
func (l *Live) composed() (map[string]string, error) {
	data, err := os.ReadFile(filepath.Join(l.Dir, "docker-compose.yml"))
	if err != nil {
		return nil, nil
	}
	var doc struct {
		Services map[string]struct {
			Environment yaml.Node
			EnvFile     yaml.Node `yaml:"env_file"`
		}
	}
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, s := range doc.Services {
		var files []string
		if s.EnvFile.Kind == yaml.ScalarNode {
			files = []string{s.EnvFile.Value}
		} else if err := s.EnvFile.Decode(&files); err != nil && s.EnvFile.Kind != 0 {
			return nil, err
		}
		for _, f := range files {
			text, err := os.ReadFile(filepath.Join(l.Dir, f))
			if err != nil {
				return nil, err
			}
			for line := range strings.Lines(string(text)) {
				name, value, is := strings.Cut(strings.TrimRight(line, "\r\n"), "=")
				if n := len(value); n > 1 && value[0] == value[n-1] && strings.Contains("'\"", value[:1]) {
					value = value[1 : n-1]
				}
				if is {
					out[name] = value
				}
			}
		}
		var list []string
		if s.Environment.Kind == yaml.MappingNode {
			var m map[string]string
			if err := s.Environment.Decode(&m); err != nil {
				return nil, err
			}
			for n, v := range m {
				out[n] = v
			}
		} else if err := s.Environment.Decode(&list); err != nil && s.Environment.Kind != 0 {
			return nil, err
		}
		for _, e := range list {
			if n, v, is := strings.Cut(e, "="); is {
				out[n] = v
			}
		}
	}
	return out, nil
}

// managed are the variables that PM2 gives to the first app of its configuration.
func (l *Live) managed() (map[string]string, error) {
	file := filepath.Join(l.Dir, "ecosystem.config.js")
	if _, err := os.Stat(file); err != nil {
		return nil, nil
	}
	cmd := exec.Command("node", "-p", "JSON.stringify(require(process.argv[1]).apps[0].env)", file)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, errs.String())
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, err
	}
	set := map[string]string{}
	for n, v := range out {
		set[n] = fmt.Sprint(v)
	}
	return set, nil
}
