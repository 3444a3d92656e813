// Package picture is what was read of a project so far: the module graph with the servers, front ends, signing sites and values that were found in it.
package picture

import (
	"fmt"

	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - the files are read once; everything later is looked up in this picture of them
//   - a value is filed once for each place where it is
//   - what is not understood leaves a gap, never a guess

// Reader is the picture of the files that the probes project and server share.
type Reader struct {
	*modules.Graph

	World   *vault.World
	Tracked func(string) bool

	Envs       []*EnvSource
	Starts     []Starter
	Servers    []*Server
	Others     []*OtherProgram            // backends in other languages; they come after the servers in facts.Servers
	Dialects   map[string]envfile.Dialect // of the .env files that these read
	Containers []Container                // how Compose and docker run start programs of it
	NotRead    []string                   // sources of other languages that weren't read to their ends
	Fronts     []*Front
	Native     native // the apps for phones
	Dart       dartTree
	Uses       []Use
	Filed      map[string]int // place and bytes → Value.ID

	Named   map[string]string         // variables that code uses as key or secret, no matter what they are called
	KeyMods map[int][]*modules.Module // modules that make Stream's client with a key, by its Value
	Placed  []PlacedName              // variables that code gives in the place of the other than their name says
	Sites   []*Site
	Entries []*Entry
	Hands   *Handovers

	Facts facts.Project
}

// Add files one value, once for each place, name and text.
func (p *Reader) Add(v facts.Value, raw []byte) int {
	id := fmt.Sprintf("%s\x00%s\x00%d\x00%s\x00%t\x00%s", v.What, v.File, v.Line, v.Name, v.Comment, raw)
	if n, ok := p.Filed[id]; ok {
		return n
	}
	v.Pair = -1
	if v.File != "" && p.Tracked != nil {
		v.Tracked = p.Tracked(v.File)
	}
	v.File, v.Name = sanitize.Visible(v.File), sanitize.Visible(v.Name)
	n := p.World.AddValue(v, raw)
	p.Filed[id] = n
	return n
}
