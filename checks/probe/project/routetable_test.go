package project

import (
	"maps"
	"testing"
)

func TestReactRoutersTable(t *testing.T) {
	base := map[string]string{
		"package.json":               `{"scripts":{"dev":"react-router dev"},"dependencies":{"react-router":"7","@react-router/node":"7","stream-chat":"9"},"devDependencies":{"@react-router/dev":"7","vite":"6"}}`,
		".env":                       "STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1\n",
		"app/features/chat/token.ts": "import { StreamChat } from 'stream-chat'\nexport async function action({ request }) {\n  const { userId } = await request.json()\n  return { token: new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET).createToken(userId) }\n}\n",
	}
	with := func(routes string, more ...string) map[string]string {
		m := maps.Clone(base)
		m["app/routes.ts"] = routes
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	const imports = "import { type RouteConfig, index, layout, prefix, route } from '@react-router/dev/routes'\n"
	runCases(t, []projectCase{
		{"a file of any name", with(imports + "export default [index('home.tsx'), route('api/stream/token', './features/chat/token.ts')] satisfies RouteConfig\n"), nil, nil,
			[]string{"route POST /api/stream/token app/features/chat/token.ts:2", "url http://localhost:5173/api/stream/token"}},
		{"prefix, layout and children", with(imports + "const chat = [route('token', 'features/chat/token.ts')]\nexport default [layout('shell.tsx', [index('home.tsx'), ...prefix('api', [route('stream', 'stream.tsx', chat)])])]\n"), nil, nil,
			[]string{"route POST /api/stream/token app/features/chat/token.ts:2"}},
		{"a file in routes/ that the table serves elsewhere", with(imports+"export default [route('chat/auth', 'routes/token.ts')]\n", "app/routes/token.ts", base["app/features/chat/token.ts"], "app/features/chat/token.ts", "export const x = 1\n"), nil, nil,
			[]string{"route POST /chat/auth app/routes/token.ts:2", "-route POST /token"}},
		{"a table that the files make", with("import { flatRoutes } from '@react-router/fs-routes'\nexport default flatRoutes()\n", "app/routes/api.stream.token.ts", base["app/features/chat/token.ts"], "app/features/chat/token.ts", "export const x = 1\n"), nil, nil,
			[]string{"route POST /api/stream/token app/routes/api.stream.token.ts:2"}},
	})
}
