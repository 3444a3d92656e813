package checks

import "testing"

// Tokens that several functions of a page put into one state, that go through properties, or that are kept as a document.
func TestLayoutsOfHanding(t *testing.T) {
	const opts = "{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) }"
	const ask = "    const r = await fetch(ROUTE, " + opts + ")\n    const json = await r.json()\n"
	const react = "import { useState, useEffect, createContext, useContext } from 'react'\n"
	const auth = react + ours + "const Auth = createContext({})\nexport function AuthProvider({ children }) {\n  const [auth, setAuth] = useState({ token: null })\n  useEffect(() => {\n    (async () => {\n      const saved = await SecureStore.getItemAsync('auth')\n      if (saved) setAuth({ token: JSON.parse(saved).token })\n    })()\n  }, [])\n" +
		"  const login = async (uid) => {\n" + ask + "    setAuth({ token: json.token })\n    await SecureStore.setItemAsync('auth', JSON.stringify(json))\n  }\n" +
		"  const register = async (uid) => {\n" + ask + "    setAuth({\n      token: json.token,\n    })\n    await SecureStore.setItemAsync('auth', JSON.stringify(json))\n  }\n" +
		"  return <Auth.Provider value={{ login, register, auth }}>{children}</Auth.Provider>\n}\nexport function Talk({ uid }) {\n  const { auth } = useContext(Auth)\n  useEffect(() => {\n    if (auth.token) client.connectUser({ id: uid }, auth.token)\n  }, [auth])\n}\n"
	const choice = react + ours + "export function Talk({ uid }) {\n  const [token, setToken] = useState()\n  useEffect(() => {\n    const load = async () => {\n" + ask + "      if (typeof json === 'string') setToken(json)\n      else setToken(json.token)\n    }\n    load()\n  }, [uid])\n  if (token) client.connectUser({ id: uid }, token)\n}\n"
	const spread = react + ours + "function Chat(props) {\n  client.connectUser({ id: props.uid }, props.token)\n  return null\n}\nexport function Home({ uid }) {\n  const [home, setHome] = useState()\n  async function load(uid) {\n" + ask + "    const token = json.token\n    setHome({ uid, token })\n  }\n  useEffect(() => { load(uid) }, [uid])\n  return home ? <Chat {...home} /> : null\n}\n"
	for name, c := range map[string]struct {
		page   string
		faults []fault
	}{
		"a state of several": {auth, []fault{
			{"FRONT", "setAuth({ token: json.token })", "setAuth({ token: json })", "token-malformed", "FRONT:16"},
			{"FRONT", "      token: json.token,", "      token: `Bearer ${json.token}`,", "token-wrapped", "FRONT:23"},
			{"FRONT", "JSON.parse(saved).token", "JSON.parse(saved)", "token-malformed", "FRONT:10"},
			{"FRONT", "uid }, auth.token)", "uid }, 'Bearer ' + auth.token)", "token-wrapped", "FRONT:32"},
			{"FRONT", "JSON.parse(saved).token", "restored(saved)", "", ""},
		}},
		"a choice in one function": {choice, []fault{
			{"FRONT", "setToken(json)", "setToken(null)", "", ""},
			{"FRONT", "uid }, token)", "uid }, token?.token ?? token)", "", ""},
		}},
		"properties that are spread": {spread, []fault{
			{"FRONT", "token = json.token", "token = json", "token-malformed", "FRONT:13"},
			{"FRONT", "await r.json()", "r.json()", "token-missing", "FRONT:12"},
			{"FRONT", "props.uid }, props.token)", "props.uid }, `Bearer ${props.token}`)", "token-wrapped", "FRONT:5"},
			{"FRONT", "<Chat {...home} />", "<Chat {...home} token={home.token} />", "", ""},
			{"FRONT", "<Chat {...home} />", "<Chat {...home} {...overrides} />", "", ""},
		}},
		"a document in a storage": {ours + "export async function login(uid) {\n" + ask + "    localStorage.setItem('auth', JSON.stringify(json))\n}\nexport function connect(uid) {\n  const auth = JSON.parse(localStorage.getItem('auth'))\n  client.connectUser({ id: uid }, auth.token)\n}\n", []fault{
			{"FRONT", "auth.token)", "auth)", "token-malformed", "FRONT:10"},
			{"FRONT", "JSON.stringify(json)", "JSON.stringify({ token: json.token })", "", ""},
		}},
		"the text of a response": {ours + "export async function connect(uid) {\n  const { token } = await fetch(ROUTE, " + opts + ")\n    .then((r) => r.json())\n  client.connectUser({ id: uid }, token)\n}\n", []fault{
			{"FRONT", "r.json()", "r.text()", "token-missing", "FRONT:5"},
			{"FRONT", "r.json()", "r", "token-missing", "FRONT:5"},
			{"FRONT", "r.json()", "r.text().then(JSON.parse)", "", ""},
			{"FRONT", "r.json()", "r.text()).then((t) => JSON.parse(t)", "", ""},
		}},
		"a provider": {ours + "export function connect(uid) {\n  const tokenProvider = async () => {\n" + ask + "    const { token } = json\n    return token\n  }\n  client.connectUser({ id: uid }, tokenProvider)\n}\n", []fault{
			{"FRONT", "return token", "return r", "token-malformed", "FRONT:8"},
			{"FRONT", "return token", "return json", "token-malformed", "FRONT:8"},
		}},
	} {
		t.Run(name, func(t *testing.T) { tryLayouts(t, pairingsOf(c.page, c.faults, "express", "next app")) })
	}
	const env = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	tryLayouts(t, map[string]layout{
		"a page of Next with its server's part": {map[string]string{
			"package.json":       `{"scripts":{"dev":"next dev"},"dependencies":{"next":"14","react":"18","stream-chat":"9"}}`,
			".env.local":         env,
			"pages/api/token.js": "import { StreamChat } from 'stream-chat'\nconst server = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nexport default function handler(req, res) {\n  res.status(200).json({ token: server.createToken(req.query.user) })\n}\n",
			"pages/index.js": "import Talk from '../components/Talk'\nexport default function Home({ token, user }) {\n  return <Talk token={token} user={user} />\n}\nexport async function getServerSideProps({ query }) {\n  const data = await fetch(`http://localhost:3000/api/token?user=${query.user}`).then((res) => res.json())\n" +
				"  if (!data) return { notFound: true }\n  return {\n    props: {\n      token: data.token,\n      user: query.user,\n    },\n  }\n}\n",
			"components/Talk.js": "import { StreamChat } from 'stream-chat'\nconst client = StreamChat.getInstance('" + actionKey + "')\nexport default function Talk({ token, user }) {\n  client.connectUser({ id: user }, token)\n  return null\n}\n",
		}, []fault{
			{"pages/index.js", "token: data.token", "token: data", "token-malformed", "pages/index.js:10"},
			{"components/Talk.js", "user }, token)", "user }, `Bearer ${token}`)", "token-wrapped", "components/Talk.js:4"},
		}},
	})
}
