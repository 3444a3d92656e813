// Package tools is the one table of the tools and frameworks that badsig knows: adding one is one row.
package tools

// Rules of this file:
//   - what badsig knows of a tool by its name is in its row, and nowhere else
//   - of several rows that fit a package, the first is the framework: the most telling come first

// Tool is one row. What a row leaves empty isn't so, or isn't known.
type Tool struct {
	Name     string   // what the rest of badsig calls it
	Lang     string   // of another language's: python, go, php, ruby, java, kotlin, csharp
	Deps     []string // the packages that a package.json has it by
	Commands []string // what a command line or a process calls it; none: its name, but for libraries
	Config   []string // NAME.config.js and its like are its configuration

	Port        int      // on which it listens where nothing says another
	PortEnv     string   // the variable that says another
	PortSetting string   // the setting that says another
	Start       string   // what starts it, where no script does
	Prefixes    []string // of the variables that it hands to the browser
	Meta        bool     // its pages read import.meta.env, not process.env
	EnvFiles    []string // what it loads by itself, the winning one first
	Dialect     string   // how it reads them (envfile)
	Vite        bool     // from Vite 8 on it reads them as Vite does
	Loads       string   // the packages load .env when the program says so: the kind of load

	Kind     Kind
	Pages    bool   // its dev server hands out pages, and isn't a backend
	OnServer bool   // its routes, loaders and actions run on its own server
	Compiles bool   // it compiles a route when that is first requested
	Body     bool   // it parses JSON bodies by itself
	Runs     string // the ending of the sources that it runs
	Execs    bool   // it runs the command of --exec
	Launches bool   // it starts other programs, and may start them again
	Restarts bool   // it runs a program as its child, and waits for a change where that has ended
	Scripts  bool   // it runs the scripts of a package.json
	Several  bool   // it runs several commands side by side or one after another
}

// Kind is what a tool is used for.
type Kind uint8

// The kinds of tool.
const (
	Other     Kind = iota
	Framework      // builds a front end, and may serve it
	Platform       // starts a project's functions
	Library        // a server is written with it
	UI             // a front end is written with it
	Runtime        // runs sources
)

// The env files of the loaders that have a list, the winning one first.
var (
	NextFiles = []string{".env.development.local", ".env.local", ".env.development", ".env"}
	FlowFiles = []string{".env.local", ".env", ".env.defaults"}
	ViteFiles = []string{".env.development.local", ".env.development", ".env.local", ".env"}
)

// All is the table.
var All = []Tool{
	// frameworks of JavaScript
	{
		Name: "next", Kind: Framework, Deps: []string{"next"}, Commands: []string{"next", "next-server"},
		Config: []string{"next"}, Port: 3000, Prefixes: []string{"NEXT_PUBLIC_"}, EnvFiles: NextFiles,
		Dialect: "next", OnServer: true, Compiles: true, Body: true, Runs: ".js",
	},
	{
		Name: "nuxt", Kind: Framework, Deps: []string{"nuxt"}, Commands: []string{"nuxt", "nuxi"},
		Config: []string{"nuxt"}, Port: 3000, Prefixes: []string{"NUXT_PUBLIC_"}, EnvFiles: []string{".env"},
		Dialect: "dotenv", OnServer: true, Compiles: true, Body: true,
	},
	{
		Name: "expo", Kind: Framework, Deps: []string{"expo"}, Config: []string{"app"}, Port: 8081,
		Start: "npx expo start", Prefixes: []string{"EXPO_PUBLIC_"}, EnvFiles: NextFiles, Dialect: "dotenv-expand",
		Pages: true, Compiles: true, Body: true,
	},
	{
		Name: "cra", Kind: Framework, Deps: []string{"react-scripts", "@craco/craco", "react-app-rewired"},
		Commands: []string{"react-scripts", "craco", "react-app-rewired"},
		Config:   []string{"craco", "config-overrides"}, Port: 3000, Prefixes: []string{"REACT_APP_"},
		EnvFiles: NextFiles, Dialect: "dotenv-expand", Pages: true,
	},
	{
		Name: "gatsby", Kind: Framework, Deps: []string{"gatsby"}, Port: 8000, Prefixes: []string{"GATSBY_"},
		EnvFiles: []string{".env.development"}, Dialect: "dotenv-expand", Pages: true, Compiles: true,
	},
	{
		Name: "sveltekit", Kind: Framework, Deps: []string{"@sveltejs/kit"},
		Commands: []string{"vite", "svelte-kit"}, Config: []string{"svelte"}, Port: 5173,
		Prefixes: []string{"PUBLIC_", "VITE_"}, Meta: true, EnvFiles: ViteFiles, Dialect: "dotenv-expand",
		Vite: true, OnServer: true, Compiles: true, Body: true,
	},
	{
		Name: "astro", Kind: Framework, Deps: []string{"astro"}, Config: []string{"astro"}, Port: 4321,
		Prefixes: []string{"PUBLIC_", "VITE_"}, Meta: true, EnvFiles: ViteFiles, Dialect: "dotenv-expand",
		Vite: true, Pages: true, OnServer: true, Compiles: true, Body: true,
	},
	{
		Name: "remix", Kind: Framework, Deps: []string{"@remix-run/react", "@react-router/dev"},
		Commands: []string{"remix", "react-router", "vite"}, Port: 5173, Prefixes: []string{"VITE_"}, Meta: true,
		EnvFiles: ViteFiles, Dialect: "dotenv-expand", Vite: true, OnServer: true, Compiles: true, Body: true,
	},
	{
		Name: "tanstack-start", Kind: Framework, Deps: []string{"@tanstack/react-start", "@tanstack/solid-start", "@tanstack/start"},
		Commands: []string{"vinxi", "vite"}, Port: 3000, Prefixes: []string{"VITE_"}, Meta: true,
		EnvFiles: ViteFiles, Dialect: "dotenv-expand", Vite: true, OnServer: true, Compiles: true, Body: true,
	},
	{
		Name: "solid-start", Kind: Framework, Deps: []string{"@solidjs/start"},
		Commands: []string{"solid-start", "vinxi"}, Port: 3000, Prefixes: []string{"VITE_"}, Meta: true,
		EnvFiles: ViteFiles, Dialect: "dotenv-expand", Vite: true, OnServer: true, Compiles: true, Body: true,
	},
	{
		Name: "vue-cli", Kind: Framework, Deps: []string{"@vue/cli-service"}, Commands: []string{"vue-cli-service"},
		Config: []string{"vue"}, Port: 8080, Prefixes: []string{"VUE_APP_"}, EnvFiles: ViteFiles,
		Dialect: "dotenv-expand", Pages: true,
	},
	{
		Name: "angular", Kind: Framework, Deps: []string{"@angular/core"}, Commands: []string{"ng"}, Port: 4200,
		Pages: true, Compiles: true,
	},
	{
		Name: "vite", Kind: Framework, Deps: []string{"vite"}, Config: []string{"vite"}, Port: 5173,
		Prefixes: []string{"VITE_"}, Meta: true, EnvFiles: ViteFiles, Dialect: "dotenv-expand", Vite: true,
		Pages: true, Compiles: true,
	},
	{
		Name: "react-native", Kind: Framework, Deps: []string{"react-native"}, Config: []string{"metro"},
		Port: 8081, Dialect: "dotenv-expand",
	},
	{Name: "parcel", Kind: Framework, Deps: []string{"parcel"}, Port: 1234, Pages: true},
	{
		Name: "webpack", Kind: Framework, Deps: []string{"webpack"},
		Commands: []string{"webpack", "webpack-dev-server"}, Config: []string{"webpack"}, Port: 8080, Pages: true,
		Compiles: true,
	},
	{
		Name: "rsbuild", Kind: Framework, Deps: []string{"@rsbuild/core"}, Config: []string{"rsbuild", "rspack"},
		Port: 3000, Dialect: "dotenv-expand", Pages: true,
	},
	{Name: "waku", Compiles: true},
	// what serves pages and nothing else
	{Name: "metro", Pages: true},
	{Name: "storybook", Commands: []string{"storybook", "start-storybook"}, Pages: true},
	{Name: "snowpack", Pages: true},
	{Name: "http-server", Pages: true}, {Name: "serve", Pages: true}, {Name: "live-server", Pages: true},

	// platforms that start functions
	{
		Name: "supabase", Kind: Platform, Port: 54321, Start: "supabase functions serve",
		EnvFiles: []string{"supabase/functions/.env", "supabase/.env"}, Dialect: "dotenv", Body: true,
	},
	{
		Name: "workers", Kind: Platform, Commands: []string{"wrangler"}, Port: 8787, Start: "npx wrangler dev",
		EnvFiles: []string{".dev.vars", ".env.local", ".env"}, Dialect: "dotenv", Compiles: true, Body: true,
		Launches: true,
	},
	{
		Name: "netlify", Kind: Platform, Commands: []string{"netlify", "ntl"}, Port: 8888, Start: "npx netlify dev",
		EnvFiles: NextFiles, Dialect: "dotenv", Compiles: true, Body: true, Launches: true,
	},
	{
		Name: "firebase", Kind: Platform, Port: 5001, Start: "firebase emulators:start",
		EnvFiles: []string{".secret.local", ".env.local", ".env"}, Dialect: "dotenv", Body: true,
	},
	{
		Name: "vercel", Kind: Platform, Commands: []string{"vercel", "vc"}, Port: 3000, Start: "npx vercel dev",
		EnvFiles: []string{".env.local", ".env"}, Dialect: "dotenv", Compiles: true, Body: true, Launches: true,
	},
	{Name: "serverless", Deps: []string{"serverless"}, Kind: Library, Body: true, Compiles: true},

	// what a server is written with
	{Name: "express", Kind: Library, Deps: []string{"express"}}, {Name: "koa", Kind: Library, Deps: []string{"koa"}},
	{Name: "polka", Kind: Library, Deps: []string{"polka"}},
	{Name: "fastify", Kind: Library, Deps: []string{"fastify"}, Body: true},
	{Name: "hono", Kind: Library, Deps: []string{"hono", "@hono/node-server"}, Body: true},
	{Name: "hapi", Kind: Library, Deps: []string{"@hapi/hapi"}, Body: true},
	{
		Name: "nest", Kind: Library, Deps: []string{"@nestjs/core"}, Commands: []string{"nest"}, Body: true,
		Launches: true,
	},
	{Name: "restify", Kind: Library, Deps: []string{"restify"}},
	{Name: "h3", Kind: Library, Deps: []string{"h3"}, Body: true},
	{Name: "elysia", Kind: Library, Deps: []string{"elysia"}, Body: true},
	{Name: "feathers", Kind: Library, Deps: []string{"@feathersjs/feathers"}},
	{Name: "micro", Kind: Library, Deps: []string{"micro"}},
	{Name: "apollo", Kind: Library, Deps: []string{"apollo-server", "@apollo/server"}},
	{Name: "firebase-functions", Kind: Library, Deps: []string{"firebase-functions"}},
	{Name: "adapter-node", Kind: Library, Deps: []string{"@sveltejs/adapter-node"}},
	{Name: "adonis", Kind: Library, Deps: []string{"@adonisjs/core"}},
	{Name: "sails", Kind: Library, Deps: []string{"sails"}},
	{Name: "moleculer", Kind: Library, Deps: []string{"moleculer"}},
	{Name: "json-server", Kind: Library, Deps: []string{"json-server"}}, {Name: "strapi", Launches: true},
	// what a front end is written with
	{
		Name: "ui", Kind: UI,
		Deps: []string{"react", "react-dom", "vue", "svelte", "preact", "solid-js", "@angular/core", "react-native", "expo", "react-scripts", "lit"},
	},

	// what runs sources, and what starts and restarts it
	{Name: "node", Kind: Runtime, Commands: []string{"node", "nodejs"}, Runs: ".js"},
	{Name: "bun", Kind: Runtime, Runs: ".js", Scripts: true}, {Name: "deno", Kind: Runtime, Runs: ".js"},
	{Name: "tsx", Kind: Runtime, Runs: ".js"},
	{Name: "ts-node", Kind: Runtime, Commands: []string{"ts-node", "ts-node-esm"}, Launches: true},
	{Name: "ts-node-dev", Kind: Runtime, Commands: []string{"ts-node-dev", "tsnd"}, Restarts: true},
	{Name: "vite-node", Kind: Runtime, Launches: true}, {Name: "babel-node", Kind: Runtime},
	{Name: "swc-node", Kind: Runtime}, {Name: "esno", Kind: Runtime, Commands: []string{"esno", "esr"}},
	{Name: "jiti", Kind: Runtime},
	{Name: "nodemon", Kind: Runtime, Execs: true, Launches: true, Restarts: true}, {Name: "node-dev", Kind: Runtime, Execs: true},
	{Name: "forever", Kind: Runtime, Execs: true, Launches: true},
	{Name: "pm2", Kind: Runtime, Execs: true}, {Name: "supervisor", Kind: Runtime, Execs: true, Launches: true, Restarts: true},
	{Name: "npm", Commands: []string{"npm", "npm-cli"}, Runs: ".js", Scripts: true},
	{Name: "npx", Commands: []string{"npx", "npx-cli"}, Runs: ".js"}, {Name: "yarn", Scripts: true}, {Name: "pnpm", Scripts: true},
	{Name: "corepack"},
	{Name: "concurrently", Launches: true, Several: true}, {Name: "npm-run-all", Commands: []string{"npm-run-all", "npm-run-all2", "run-p", "run-s"}, Several: true},
	{Name: "wait-on", Several: true}, {Name: "start-server-and-test", Several: true}, {Name: "turbo", Launches: true, Scripts: true}, {Name: "nx", Launches: true, Scripts: true},
	{Name: "lerna", Launches: true, Scripts: true}, {Name: "make", Launches: true},
	{Name: "foreman", Launches: true}, {Name: "honcho", Launches: true}, {Name: "overmind", Launches: true},
	{Name: "hivemind", Launches: true}, {Name: "air", Launches: true, Restarts: true}, {Name: "watchmedo", Launches: true},

	// what loads .env files
	{
		Name:     "dotenv",
		Deps:     []string{"dotenv", "dotenv/config", "dotenv/config.js", "dotenv-safe", "dotenv-safe/config", "@dotenvx/dotenvx", "@dotenvx/dotenvx/config", "dotenv-vault", "dotenv-vault/config"},
		Commands: []string{"dotenv", "dotenv-cli"}, Loads: "dotenv", Launches: true,
	},
	{Name: "dotenv-flow", Deps: []string{"dotenv-flow", "dotenv-flow/config"}, Loads: "dotenv-flow"},
	{Name: "dotenv-expand", Deps: []string{"dotenv-expand", "dotenv-expand/config"}, Loads: "dotenv-expand"},
	{Name: "@next/env", Deps: []string{"@next/env"}, Loads: "next"},
	{Name: "@nestjs/config", Deps: []string{"@nestjs/config"}, Loads: "nest"},
	{Name: "env-cmd", Deps: []string{"env-cmd"}, Loads: "dotenv-other", Launches: true},
	{
		Name:  "other loaders",
		Deps:  []string{"dotenv-defaults", "dotenv-defaults/config", "custom-env", "node-env-run", "dotenv-extended", "dotenv-extended/config"},
		Loads: "dotenv-other",
	},
	{Name: "dotenvx", Launches: true}, {Name: "cross-env", Launches: true}, {Name: "doppler", Launches: true},
	{Name: "infisical", Launches: true},
	// what only has a configuration
	{
		Name:   "developers' tools",
		Config: []string{"proxy", "babel", "tailwind", "postcss", "eslint", "jest", "vitest", "playwright", "cypress", "rollup", "ecosystem", "drizzle", "prettier"},
	},

	// runtimes and frameworks of other languages
	{
		Name: "python", Lang: "python", Kind: Runtime,
		Commands: []string{"python", "pypy", "uvicorn", "gunicorn", "hypercorn", "flask", "fastapi", "daphne", "waitress"},
		Runs:     ".py",
	},
	{Name: "go", Lang: "go", Kind: Runtime, Commands: []string{"go run"}},
	{Name: "php", Lang: "php", Kind: Runtime, Commands: []string{"php", "frankenphp", "artisan"}, Runs: ".php"},
	{
		Name: "ruby", Lang: "ruby", Kind: Runtime,
		Commands: []string{"ruby", "puma", "rackup", "rails", "unicorn", "falcon"}, Runs: ".rb",
	},
	{Name: "java", Lang: "java", Kind: Runtime, Commands: []string{"java", "mvn", "gradle"}, Runs: ".java"},
	{Name: "java", Lang: "kotlin", Kind: Runtime, Commands: []string{"java", "mvn", "gradle"}, Runs: ".kt"},
	{Name: "dotnet", Lang: "csharp", Kind: Runtime, Commands: []string{"dotnet"}, Runs: ".cs"},
	{Name: "django", Lang: "python", Port: 8000}, {Name: "fastapi", Lang: "python", Port: 8000},
	{Name: "starlette", Lang: "python", Port: 8000},
	{Name: "flask", Lang: "python", Port: 5000, PortEnv: "FLASK_RUN_PORT"},
	{Name: "quart", Lang: "python", Port: 5000}, {Name: "aiohttp", Lang: "python", Port: 8080},
	{Name: "sanic", Lang: "python", Port: 8000}, {Name: "bottle", Lang: "python", Port: 8080},
	{Name: "gin", Lang: "go", Port: 8080, PortEnv: "PORT"},
	{Name: "laravel", Lang: "php", Port: 8000, PortEnv: "SERVER_PORT"}, {Name: "symfony", Lang: "php", Port: 8000},
	{Name: "codeigniter", Lang: "php", Port: 8080},
	{Name: "rails", Lang: "ruby", Port: 3000, PortEnv: "PORT"},
	{Name: "sinatra", Lang: "ruby", Port: 4567, PortEnv: "PORT"},
	{Name: "spring", Lang: "java", Port: 8080, PortEnv: "SERVER_PORT", PortSetting: "server.port"},
	{Name: "spring", Lang: "kotlin", Port: 8080, PortEnv: "SERVER_PORT", PortSetting: "server.port"},
	{Name: "quarkus", Lang: "java", Port: 8080, PortEnv: "QUARKUS_HTTP_PORT", PortSetting: "quarkus.http.port"},
	{
		Name: "micronaut", Lang: "java", Port: 8080, PortEnv: "MICRONAUT_SERVER_PORT",
		PortSetting: "micronaut.server.port",
	},
	{Name: "spark", Lang: "java", Port: 4567}, {Name: "javalin", Lang: "java", Port: 8080},
	{Name: "ktor", Lang: "kotlin", Port: 8080, PortEnv: "PORT", PortSetting: "ktor.deployment.port"},
	{Name: "aspnet", Lang: "csharp", Port: 5000, PortEnv: "ASPNETCORE_HTTP_PORTS"},
}
