package checks

import "testing"

// Pages that connect by a name or an email, where the backend signs for the ID of the session's user, and those that do so
// rightly; and .env files with the key under another name.
func TestLayoutsOfNames(t *testing.T) {
	const env = "NEXT_PUBLIC_STREAM_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	const chat = "import { StreamChat } from 'stream-chat'\nconst chat = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_API_SECRET)\n"
	const page = "'use client'\nimport { useEffect } from 'react'\nimport { useUser } from '@clerk/nextjs'\nimport { StreamChat } from 'stream-chat'\nexport default function Page() {\n  const { user } = useUser()\n  useEffect(() => {\n    const run = async () => {\n" +
		"      const { token } = await fetch('/api/token', { method: 'POST' }).then((r) => r.json())\n      const client = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY)\n      await client.connectUser({\n        id: user.id,\n        name: user.fullName,\n      }, token)\n    }\n    run()\n  }, [user])\n  return null\n}\n"
	clerk := map[string]string{
		"package.json": `{"scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"18","stream-chat":"9","@clerk/nextjs":"6"}}`, ".env.local": env, "app/page.js": page,
		"app/api/token/route.js": "import { auth } from '@clerk/nextjs/server'\n" + chat + "export async function POST() {\n  const { userId } = await auth()\n  if (!userId) return new Response('no', { status: 401 })\n  return Response.json({ token: chat.createToken(userId) })\n}\n",
	}
	byEmail := map[string]string{}
	for k, v := range clerk {
		byEmail[k] = v
	}
	byEmail["lib/member.js"] = "export const toMember = (user) => ({ id: user.username, name: user.fullName })\n"
	byEmail["app/page.js"] = "import '../lib/member'\n" + page
	tryLayouts(t, map[string]layout{
		"a session of a service": {clerk, []fault{
			{"app/page.js", "id: user.id", "id: user.username", "user-id-mismatch", "app/page.js:12"},
			{"app/page.js", "id: user.id", "id: user?.fullName || ''", "user-id-mismatch", "app/page.js:12"},
			{"app/page.js", "id: user.id", "id: String(user.id)", "", ""},
			{"app/page.js", "id: user.id", "id: user.externalId", "", ""},
			{".env.local", "NEXT_PUBLIC_STREAM_KEY", "NEXT_PUBLIC_STREM_KEY", "key-missing", ".env.local:1"},
		}},
		"IDs that are made of names": {byEmail, []fault{
			{"app/page.js", "id: user.id", "id: user.username", "", ""},
		}},
	})
}
