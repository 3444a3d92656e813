package checks

import "testing"

// Pages whose helper gets the token and the user by position, from several places, and classes with a bound provider.
func TestLayoutsOfHelpers(t *testing.T) {
	const opts = "{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) }"
	const make = "import { StreamVideoClient } from '@stream-io/video-react-sdk'\nfunction made(label, token, id) {\n  const user = { id, name: label }\n  return new StreamVideoClient({ apiKey: '" + actionKey + "', user, token })\n}\n"
	const page = "  const r = await fetch(ROUTE, " + opts + ")\n  const { token } = await r.json()\n  return made(user.name, token, user.id)\n}\n"
	const bound = "import { StreamVideoClient } from '@stream-io/video-react-sdk'\nexport class Calls {\n  constructor(user) {\n    const provide = this.provide.bind(this, user?.id)\n    this.client = new StreamVideoClient({ apiKey: '" + actionKey + "', user, tokenProvider: provide })\n  }\n" +
		"  async provide(uid) {\n    const r = await fetch(ROUTE, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) })\n    const data = await r.json()\n    return data.token\n  }\n}\n"
	for name, c := range map[string]struct {
		page   string
		faults []fault
	}{
		"two callers": {make + "export async function talk({ user }) {\n" + page + "export async function watch({ user }) {\n" + page, []fault{
			{"FRONT", "const { token } =", "const token =", "token-malformed", "FRONT:8"},
			{"FRONT", "const { token } = await r", "const { token } = r", "token-missing", "FRONT:8"},
			{"FRONT", "made(user.name, token, user.id)", "made(user.id, token, user.name)", "user-id-mismatch", "FRONT:9"},
			{"FRONT", "token, user.id)", "token, user.email)", "user-id-mismatch", "FRONT:9"},
			{"FRONT", "user.name, token", "user.fullName || user.email, token", "", ""},
		}},
		"a bound provider": {bound, []fault{
			{"FRONT", "return data.token", "return data", "token-malformed", "FRONT:10"},
			{"FRONT", "user?.id", "user?.name", "user-id-mismatch", "FRONT:4"},
		}},
	} {
		t.Run(name, func(t *testing.T) { tryLayouts(t, pairingsOf(c.page, c.faults, "express", "next app")) })
	}
}

// A procedure of tRPC that gives a hook of the page its token, for a user who may be in the input or is the session's.
func TestLayoutsOfProcedures(t *testing.T) {
	const proc, page = "src/server/calls.ts", "src/app/call.tsx"
	tryLayouts(t, map[string]layout{"trpc": {map[string]string{
		"package.json": `{"scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","@trpc/server":"11","@trpc/tanstack-react-query":"11","@tanstack/react-query":"5","@stream-io/node-sdk":"0.4","@stream-io/video-react-sdk":"1"}}`,
		".env":         "NEXT_PUBLIC_STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n",
		proc: "import { StreamClient } from '@stream-io/node-sdk'\nimport { z } from 'zod'\nimport { createTRPCRouter, protectedProcedure } from './init'\nconst stream = new StreamClient(process.env.NEXT_PUBLIC_STREAM_KEY!, process.env.STREAM_SECRET!)\n" +
			"export const calls = createTRPCRouter({\n  token: protectedProcedure.input(z.object({ userId: z.string().optional() }).optional()).mutation(async ({ ctx, input }) => {\n    const userId = input?.userId || ctx.auth.user.id\n    const token = stream.generateUserToken({\n      user_id: userId,\n    })\n    return token\n  }),\n})\n",
		"src/server/init.ts":               "import { initTRPC, TRPCError } from '@trpc/server'\nimport { auth } from './auth'\nconst t = initTRPC.create()\nexport const createTRPCRouter = t.router\nexport const protectedProcedure = t.procedure.use(async ({ ctx, next }) => {\n  const session = await auth.api.getSession()\n  if (!session) throw new TRPCError({ code: 'UNAUTHORIZED' })\n  return next({ ctx: { ...ctx, auth: session } })\n})\n",
		"src/server/index.ts":              "import { createTRPCRouter } from './init'\nimport { calls } from './calls'\nexport const appRouter = createTRPCRouter({ calls })\n",
		"src/app/api/trpc/[trpc]/route.ts": "import { fetchRequestHandler } from '@trpc/server/adapters/fetch'\nimport { appRouter } from '../../../../server'\nconst handler = (req: Request) => fetchRequestHandler({ endpoint: '/api/trpc', req, router: appRouter, createContext: () => ({}) })\nexport { handler as GET, handler as POST }\n",
		page: "'use client'\nimport { StreamVideoClient } from '@stream-io/video-react-sdk'\nimport { useMutation } from '@tanstack/react-query'\nimport { useTRPC } from './trpc'\nexport function Call({ userId, userName }: { userId: string; userName: string }) {\n  const trpc = useTRPC()\n  const { mutateAsync: token } = useMutation(trpc.calls.token.mutationOptions())\n" +
			"  useEffect(() => {\n    new StreamVideoClient({\n      apiKey: process.env.NEXT_PUBLIC_STREAM_KEY!,\n      user: {\n        id: userId,\n        name: userName,\n      },\n      tokenProvider: token,\n    })\n  }, [userId])\n}\n",
		"src/app/page.tsx": "import { Call } from './call'\nimport { authClient } from './client'\nexport default function Page() {\n  const { data } = authClient.useSession()\n  return <Call userId={data.user.id} userName={data.user.name} />\n}\n",
	}, []fault{
		{proc, "    return token\n", "", "token-missing", proc + ":8"},
		{proc, "return token", "return { token }", "token-malformed", page + ":15"},
		{proc, "user_id: userId", "user_id: ctx.auth.user.email", "user-id-mismatch", proc + ":9"},
		{page, "id: userId", "id: userName", "user-id-mismatch", page + ":12"},
		{proc, "input?.userId || ctx", "ctx", "", ""},
		{page, "tokenProvider: token", "tokenProvider: () => token({ userId: userName })", "", ""},
	}}})
}
