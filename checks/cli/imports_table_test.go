package cli

// imports is what each package may import of the project's packages, lower packages first.
var imports = map[string]string{
	"checks/affix":                 "",
	"checks/e2e/leaks":             "",
	"checks/e2e/perf":              "",
	"checks/e2e/recording":         "",
	"checks/internal/eventually":   "",
	"checks/internal/projecttest":  "",
	"checks/internal/secretscan":   "",
	"checks/internal/strace":       "",
	"checks/loopback":              "checks/affix",
	"checks/outfile":               "checks/affix checks/sanitize",
	"checks/probe/confread":        "checks/affix",
	"checks/probe/langread/syntax": "checks/affix",
	"checks/probe/netx":            "checks/affix",
	"checks/probe/pattern":         "",
	"checks/shell":                 "checks/affix",
	"checks/tools":                 "",
	"tokens":                       "",
	"ui/theme":                     "checks/affix",
	"checks/causes":                "checks/affix tokens",
	"checks/fakestream":            "checks/affix tokens",
	"checks/fakestream/socket":     "checks/fakestream",
	"checks/internal/nodetest":     "checks/internal/eventually",
	"checks/probe/envfile":         "checks/affix tokens",
	"checks/probe/jsread":          "checks/affix checks/probe/pattern",
	"checks/probe/jsrun":           "checks/affix checks/probe/jsread",
	"checks/probe/langread/flow":   "checks/affix checks/probe/langread/syntax",
	"checks/sanitize":              "tokens",
	"tokens/server":                "tokens",
	"checks/facts":                 "checks/affix checks/loopback checks/sanitize checks/shell checks/tools tokens",
	"checks/probe/langread":        "checks/affix checks/probe/langread/flow checks/probe/langread/syntax",
	"checks/demo":                  "checks/affix checks/causes checks/facts checks/fakestream checks/probe/envfile checks/sanitize tokens",
	"checks/finding":               "checks/causes checks/facts checks/sanitize",
	"checks/internal/factstest":    "checks/facts tokens",
	"checks/probe/names":           "checks/affix checks/facts checks/probe/pattern checks/shell",
	"checks/probe/files":           "checks/facts checks/probe/names checks/sanitize",
	"checks/probe/vault":           "checks/affix checks/facts checks/probe/names checks/sanitize tokens",
	"checks/rules/parts":           "checks/affix checks/causes checks/facts checks/finding checks/loopback checks/shell tokens",
	"checks/internal/worldtest":    "checks/facts checks/internal/eventually checks/probe/vault tokens",
	"checks/probe/backend": "checks/affix checks/facts checks/loopback checks/probe/names checks/probe/netx checks/probe/pattern " +
		"checks/probe/vault checks/sanitize tokens",
	"checks/probe/listener": "checks/affix checks/facts checks/probe/names checks/probe/pattern checks/probe/vault checks/sanitize " +
		"checks/tools tokens",
	"checks/probe/modules": "checks/affix checks/facts checks/probe/confread checks/probe/envfile checks/probe/files checks/probe/jsread checks/probe/jsrun checks/probe/names " +
		"checks/probe/pattern checks/shell checks/tools",
	"checks/probe/modules/taken": "checks/affix checks/facts checks/probe/jsread checks/probe/modules checks/probe/names",
	"checks/probe/signer":        "checks/affix checks/facts checks/probe/vault tokens",
	"checks/probe/stream":        "checks/affix checks/facts checks/loopback checks/probe/netx checks/probe/vault checks/sanitize tokens",
	"checks/rules/signature": "checks/affix checks/causes checks/facts checks/finding checks/loopback checks/probe/names " +
		"checks/probe/pattern checks/rules/parts checks/sanitize checks/shell tokens",
	"checks/probe/project/picture": "checks/affix checks/facts checks/probe/confread checks/probe/envfile checks/probe/files " +
		"checks/probe/jsread checks/probe/langread checks/probe/langread/flow " +
		"checks/probe/langread/syntax checks/probe/modules checks/probe/vault checks/sanitize " +
		"checks/shell",
	"checks/rules/meet": "checks/affix checks/facts checks/finding checks/loopback checks/tools",
	"checks/rules": "checks/affix checks/causes checks/facts checks/finding checks/loopback checks/probe/names checks/probe/pattern " +
		"checks/rules/down checks/rules/meet checks/rules/older checks/rules/payload checks/rules/parts checks/rules/reach checks/rules/said checks/rules/signature checks/rules/slips checks/shell checks/tools tokens",
	"checks/rules/reach":          "checks/affix checks/causes checks/facts checks/finding checks/loopback checks/rules/meet checks/rules/parts",
	"checks/rules/down":           "checks/affix checks/causes checks/facts checks/finding checks/loopback checks/rules/meet checks/rules/parts",
	"checks/rules/slips":          "checks/affix checks/causes checks/facts checks/finding checks/rules/meet checks/rules/parts",
	"checks/rules/older":          "checks/causes checks/facts checks/finding checks/rules/parts checks/rules/signature",
	"checks/rules/payload":        "checks/affix checks/causes checks/facts checks/rules/meet",
	"checks/rules/said":           "checks/affix checks/facts checks/finding checks/probe/pattern checks/rules/signature",
	"checks/probe/project/starts": "checks/affix checks/facts checks/probe/confread checks/probe/files checks/probe/modules checks/probe/project/picture checks/shell checks/tools",
	"checks/probe/project/values": "checks/affix checks/facts checks/probe/confread checks/probe/envfile checks/probe/files checks/probe/jsread " +
		"checks/probe/modules checks/probe/names checks/probe/pattern checks/probe/project/picture " +
		"checks/probe/project/starts checks/probe/vault checks/sanitize checks/shell checks/tools",
	"checks/probe/project/servers": "checks/affix checks/facts checks/probe/confread checks/probe/envfile checks/probe/files checks/probe/jsread " +
		"checks/probe/modules checks/probe/names checks/probe/pattern checks/probe/project/picture checks/probe/project/starts " +
		"checks/probe/project/values checks/shell checks/tools",
	"checks/probe/project/fronts": "checks/affix checks/facts checks/loopback checks/probe/confread checks/probe/files checks/probe/jsread checks/probe/jsrun " +
		"checks/probe/modules checks/probe/modules/taken checks/probe/names checks/probe/pattern checks/probe/project/picture " +
		"checks/probe/project/servers checks/probe/project/starts checks/probe/project/values " +
		"checks/sanitize checks/tools",
	"checks/probe/project/sites": "checks/affix checks/facts checks/probe/files checks/probe/jsread checks/probe/modules " +
		"checks/probe/names checks/probe/project/picture checks/probe/project/servers " +
		"checks/probe/project/values checks/sanitize",
	"checks/probe/project/slips": "checks/affix checks/facts checks/probe/jsread checks/probe/modules checks/probe/project/picture " +
		"checks/probe/project/servers checks/probe/project/sites",
	"checks/probe/project/langs": "checks/affix checks/facts checks/probe/confread checks/probe/envfile checks/probe/files checks/probe/langread " +
		"checks/probe/langread/flow checks/probe/langread/syntax checks/probe/modules checks/probe/names " +
		"checks/probe/project/picture checks/probe/project/sites checks/probe/project/values " +
		"checks/sanitize checks/shell checks/tools",
	"checks/probe/project/resolve": "checks/affix checks/facts checks/loopback checks/probe/envfile checks/probe/files checks/probe/jsread " +
		"checks/probe/langread/flow checks/probe/langread/syntax checks/probe/modules " +
		"checks/probe/names checks/probe/project/fronts checks/probe/project/langs " +
		"checks/probe/project/picture checks/probe/project/servers checks/probe/project/sites " +
		"checks/probe/project/starts checks/probe/project/values checks/sanitize checks/shell",
	"checks/probe/project": "checks/affix checks/facts checks/loopback checks/probe/confread checks/probe/envfile checks/probe/files " +
		"checks/probe/jsread checks/probe/modules checks/probe/names checks/probe/project/fronts " +
		"checks/probe/project/langs checks/probe/project/picture checks/probe/project/resolve " +
		"checks/probe/project/servers checks/probe/project/sites checks/probe/project/slips checks/probe/project/starts " +
		"checks/probe/project/values checks/probe/vault checks/sanitize checks/tools",
	"checks/probe": "checks/facts checks/probe/backend checks/probe/files checks/probe/listener checks/probe/project " +
		"checks/probe/project/picture checks/probe/signer checks/probe/stream checks/probe/vault",
	"checks": "checks/affix checks/causes checks/facts checks/finding checks/loopback checks/probe checks/probe/stream " +
		"checks/probe/vault checks/rules checks/rules/parts checks/rules/reach checks/rules/signature checks/sanitize",
	"checks/e2e/oracle":  "",
	"checks/e2e/child":   "checks/internal/eventually",
	"checks/e2e/records": "checks checks/facts",
	"checks/e2e/scenarios": "checks/e2e/child checks/e2e/oracle checks/e2e/records checks/fakestream " +
		"checks/internal/secretscan tokens",
	"checks/inspect/plain": "checks/affix",
	"checks/inspect/dress": "checks/affix checks/inspect/plain tokens",
	"checks/inspect":       "checks/affix checks checks/causes checks/facts checks/inspect/dress checks/inspect/plain checks/loopback checks/probe/signer checks/sanitize tokens",
	"checks/watching":      "checks/affix checks/facts checks/loopback checks/outfile checks/probe/listener checks/sanitize",
	"ui": "checks/affix checks checks/causes checks/facts checks/finding checks/fix checks/loopback checks/outfile checks/watching " +
		"checks/probe/pattern checks/probe/stream checks/probe/vault " +
		"checks/rules/parts checks/sanitize checks/shell tokens ui/theme",
	"checks/fix/edits": "checks/affix checks/finding checks/sanitize tokens",
	"checks/fix/cures": "checks/affix checks/causes checks/facts checks/finding checks/fix/edits checks/probe/files checks/probe/jsread checks/probe/langread/flow checks/probe/names checks/probe/vault checks/tools tokens",
	"checks/fix": "checks/affix checks checks/causes checks/facts checks/finding checks/fix/cures checks/fix/edits checks/outfile " +
		"checks/probe checks/probe/confread checks/probe/files checks/probe/jsread checks/probe/langread/flow checks/probe/vault checks/shell tokens",
	"checks/cli/follow": "checks/affix checks checks/facts checks/finding",
	"checks/cli": "checks/affix checks checks/causes checks/cli/follow checks/demo checks/facts checks/finding checks/fix checks/inspect checks/outfile checks/probe " +
		"checks/probe/signer checks/probe/stream checks/probe/vault checks/sanitize checks/shell checks/watching tokens tokens/server",
	"badsig": "checks/cli ui",
}
