package values

import (
	"encoding/base64"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/project/picture"
)

// Rules of this file, about the manifests of Kubernetes:
//   - a Secret's data is base64 of the value; what isn't, isn't a value
//   - a container has what its env sets, what its env selects by a key, and all of its envFrom
//   - templates that aren't YAML, and names that no manifest of the project defines, give nothing

// kube is what the manifests of a project say.
type kube struct {
	stores map[string]map[string]kubeValue // "Secret name", "ConfigMap name"
	pods   []kubePod
}

// kubeValue is one entry of a Secret or a ConfigMap.
type kubeValue struct {
	text  string
	entry confread.Entry
	file  *files.File
}

// kubePod is what one container of a manifest gets.
type kubePod struct {
	file *files.File
	env  map[string]*kubeEnv // by its path in the manifest
	from map[string]*kubeEnv
}

// kubeEnv is one entry of env or envFrom.
type kubeEnv struct {
	name, value      string
	kind, store, key string // valueFrom: which Secret or ConfigMap
	prefix           string
	line, named      int // of its value, of its name
}

// isKube reports whether a YAML file is a manifest.
func isKube(entries []confread.Entry) bool {
	version, kind := false, false
	for _, e := range entries {
		version = version || e.Path() == "apiVersion"
		kind = kind || e.Path() == "kind"
	}
	return version && kind
}

func addKube(k *kube, f *files.File) {
	entries, err := confread.YAML(f.Src)
	if err != nil || !isKube(entries) {
		return
	}
	if k.stores == nil {
		k.stores = map[string]map[string]kubeValue{}
	}
	for len(entries) > 0 {
		n := 1
		for n < len(entries) && entries[n].Doc == entries[0].Doc {
			n++
		}
		k.document(f, entries[:n])
		entries = entries[n:]
	}
}

// document reads one manifest.
func (k *kube) document(f *files.File, list []confread.Entry) {
	kind, name := "", ""
	for _, e := range list {
		switch e.Path() {
		case "kind":
			kind = e.Value
		case "metadata.name":
			name = e.Value
		}
	}
	if kind == "Secret" || kind == "ConfigMap" {
		k.store(f, kind+" "+name, kind == "Secret", list)
		return
	}
	pods := map[string]*kubePod{}
	for _, e := range list {
		k.container(f, pods, e)
	}
	for _, p := range pods {
		k.pods = append(k.pods, *p)
	}
}

func (k *kube) store(f *files.File, id string, secret bool, list []confread.Entry) {
	if k.stores[id] == nil {
		k.stores[id] = map[string]kubeValue{}
	}
	for _, e := range list {
		if len(e.Keys) != 2 || e.Keys[0] != "data" && e.Keys[0] != "stringData" {
			continue
		}
		text := e.Value
		if e.Keys[0] == "data" && secret {
			raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
			if err != nil {
				continue
			}
			text = string(raw)
		}
		k.stores[id][e.Keys[1]] = kubeValue{text, e, f}
	}
}

// container reads one entry below spec…containers.N.
func (k *kube) container(f *files.File, pods map[string]*kubePod, e confread.Entry) {
	at := -1
	for i, key := range e.Keys {
		if (key == "containers" || key == "initContainers") && i+4 < len(e.Keys) {
			at = i + 2
		}
	}
	if at < 0 || e.Keys[at] != "env" && e.Keys[at] != "envFrom" {
		return
	}
	id := strings.Join(e.Keys[:at], ".")
	p := pods[id]
	if p == nil {
		p = &kubePod{file: f, env: map[string]*kubeEnv{}, from: map[string]*kubeEnv{}}
		pods[id] = p
	}
	of := p.env
	if e.Keys[at] == "envFrom" {
		of = p.from
	}
	v := of[e.Keys[at+1]]
	if v == nil {
		v = &kubeEnv{}
		of[e.Keys[at+1]] = v
	}
	switch affix.TrimPrefix(strings.Join(e.Keys[at+2:], "."), "valueFrom.") {
	case "name":
		v.name, v.named = e.Value, e.Line
	case "value":
		v.value, v.line = e.Value, e.Line
	case "prefix":
		v.prefix = e.Value
	case "secretKeyRef.name", "secretRef.name":
		v.kind, v.store = "Secret", e.Value
	case "configMapKeyRef.name", "configMapRef.name":
		v.kind, v.store = "ConfigMap", e.Value
	case "secretKeyRef.key", "configMapKeyRef.key":
		v.key, v.line = e.Value, e.Line
	}
}

// settle files what each container gets; a Secret that no container of the
// manifests uses is a value all the same.
func (k *kube) settle(p *picture.Reader) {
	for _, pod := range k.pods {
		c := picture.Container{File: pod.file.Rel, Values: map[string]int{}}
		for _, v := range pod.from {
			for key, x := range k.stores[v.kind+" "+v.store] {
				k.file(p, &c, v.prefix+key, x, facts.Place{})
			}
		}
		for _, v := range pod.env {
			switch x, ok := k.stores[v.kind+" "+v.store][v.key]; {
			case v.key != "" && ok:
				k.file(p, &c, v.name, x, facts.Place{File: pod.file.Rel, Line: v.named})
			case v.key == "" && v.value != "":
				k.file(p, &c, v.name, kubeValue{v.value, confread.Entry{Line: v.line}, pod.file}, facts.Place{File: pod.file.Rel, Line: v.named})
			}
		}
		p.Containers = append(p.Containers, c)
	}
	for _, store := range k.stores {
		for key, x := range store {
			k.file(p, nil, key, x, facts.Place{})
		}
	}
}

func (k *kube) file(p *picture.Reader, c *picture.Container, name string, x kubeValue, named facts.Place) {
	v := facts.Value{SetFile: named.File, SetLine: named.Line, Role: configRole(p, x.file.Rel), File: x.file.Rel, Line: x.entry.Line, Modified: x.file.Modified}
	if id := FileConfig(p, name, x.text, v); id >= 0 && c != nil {
		c.Values[name] = id
	}
}
