package checks

import "testing"

// Tokens that a page keeps in a store, a context or Redux's state, or gets by a client of a library, and what looks like
// a fault there and is none.
func TestLayoutsOfStores(t *testing.T) {
	const opts = "{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) }"
	const ask = "    const r = await fetch(ROUTE, " + opts + ")\n    const data = await r.json()\n"
	const zustand = "import { create } from 'zustand'\n" + ours + "const useAuth = create((set) => ({\n  token: null,\n  load: async (uid) => {\n" + ask + "    set({ token: data.token })\n  },\n}))\n"
	const thunk = "import { createAsyncThunk, createSlice } from '@reduxjs/toolkit'\n" + ours + "const load = createAsyncThunk('load', async (uid) => {\n" + ask + "    return data.token\n})\n"
	const slice = "const slice = createSlice({\n  name: 'chat', initialState: { token: null }, reducers: {},\n  extraReducers: (b) => { b.addCase(load.fulfilled, (state, action) => { state.token = action.payload }) },\n})\n"
	const api = "import { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query/react'\n" + ours + "const api = createApi({\n  baseQuery: fetchBaseQuery({ baseUrl: '' }),\n  endpoints: (b) => ({\n    chatToken: b.mutation({\n      query: (userId) => ({ url: ROUTE, method: 'POST', body: { userId } }),\n    }),\n  }),\n})\nconst { useChatTokenMutation } = api\n"
	for name, c := range map[string]struct {
		page   string
		faults []fault
	}{
		"zustand": {zustand + "export function Talk({ uid }) {\n  const { token } = useAuth()\n  if (token) client.connectUser({ id: uid }, token)\n}\n", []fault{
			{"FRONT", "data.token", "data.jwt", "token-missing", "FRONT:9"},
			{"FRONT", "token: data.token", "token: data", "token-malformed", "FRONT:9"},
			{"FRONT", "uid }, token)", "uid }, `Bearer ${token}`)", "token-wrapped", "FRONT:14"},
			{"FRONT", "const { token } = useAuth()", "const token = useAuth((s) => s.token)", "", ""},
			{"FRONT", "  },\n}))", "  },\n  restore: () => set({ token: window.initial }),\n}))", "", ""},
		}},
		"zustand, with what isn't understood beside it": {zustand + "window.onrestore = (t) => useAuth.setState({ token: t })\nexport function Talk({ uid }) {\n  const token = useAuth((s) => s.token)\n  if (token) client.connectUser({ id: uid }, token)\n}\n", []fault{
			{"FRONT", "token: data.token", "token: 'Bearer ' + data.token", "", ""},
		}},
		"a context": {"import { createContext, useContext, useState, useEffect } from 'react'\n" + ours + "const Auth = createContext(null)\nexport function AuthProvider({ uid, children }) {\n  const [auth, setAuth] = useState({ token: null, error: null })\n  useEffect(() => {\n    fetch(ROUTE, " + opts + ").then((r) => r.json()).then((data) => setAuth((old) => ({ ...old, token: data.token }))).catch((error) => setAuth({ ...auth, error }))\n  }, [uid])\n  return <Auth.Provider value={{ auth, setAuth }}>{children}</Auth.Provider>\n}\nexport function Talk({ uid }) {\n  const { auth } = useContext(Auth)\n  useEffect(() => {\n    if (auth.token) client.connectUser({ id: uid }, auth.token)\n  }, [auth.token])\n}\n", []fault{
			{"FRONT", "token: data.token", "token: data", "", ""}, // setAuth goes to other modules, too
		}},
		"a context of the token": {"import { createContext, useContext, useState, useEffect } from 'react'\n" + ours + "const Auth = createContext(null)\nexport function AuthProvider({ uid, children }) {\n  const [auth, setAuth] = useState({ token: null, error: null })\n  useEffect(() => {\n    fetch(ROUTE, " + opts + ").then((r) => r.json()).then((data) => setAuth((old) => ({ ...old, token: data.token }))).catch((error) => setAuth({ ...auth, error }))\n  }, [uid])\n  return <Auth.Provider value={auth}>{children}</Auth.Provider>\n}\nexport function Talk({ uid }) {\n  const auth = useContext(Auth)\n  useEffect(() => {\n    if (auth.token) client.connectUser({ id: uid }, auth.token)\n  }, [auth.token])\n}\n", []fault{
			{"FRONT", "token: data.token", "token: data.jwt", "token-missing", "FRONT:8"},
			{"FRONT", "token: data.token", "token: data", "token-malformed", "FRONT:8"},
			{"FRONT", "uid }, auth.token)", "uid }, `Bearer ${auth.token}`)", "token-wrapped", "FRONT:15"},
		}},
		"a thunk": {thunk + "export async function connect(dispatch, uid) {\n  const token = await dispatch(load(uid)).unwrap()\n  client.connectUser({ id: uid }, token)\n}\n", []fault{
			{"FRONT", "data.token", "data.jwt", "token-missing", "FRONT:7"},
			{"FRONT", "return data.token", "return data", "token-malformed", "FRONT:11"},
			{"FRONT", "dispatch(load(uid)).unwrap()", "dispatch(load(uid)).unwrap().then((t) => t)", "", ""},
		}},
		"a slice": {thunk + slice + "import { useSelector } from 'react-redux'\nexport function Talk({ uid }) {\n  const { token } = useSelector((s) => s.chat)\n  if (token) client.connectUser({ id: uid }, token)\n}\n", []fault{
			{"FRONT", "data.token", "data.jwt", "token-missing", "FRONT:7"},
			{"FRONT", "uid }, token)", "uid }, JSON.stringify(token))", "token-wrapped", "FRONT:16"},
			{"FRONT", "const { token } = useSelector((s) => s.chat)", "const token = useSelector((s) => s.chat.token)", "", ""},
		}},
		"a mutation of RTK Query": {api + "export function Talk({ uid }) {\n  const [getToken] = useChatTokenMutation()\n  const connect = async () => {\n    const { token } = await getToken(uid).unwrap()\n    client.connectUser({ id: uid }, token)\n  }\n  connect()\n}\n", []fault{
			{"FRONT", "const { token }", "const { jwt: token }", "token-missing", "FRONT:16"},
			{"FRONT", "const { token }", "const token", "token-malformed", "FRONT:17"},
			{"FRONT", "const { token } = await getToken(uid).unwrap()", "const { data: { token } } = await getToken(uid)", "", ""},
			{"FRONT", "      query:", "      transformResponse: (r) => ({ jwt: r.token }),\n      query:", "", ""},
		}},
		"a variable of the module": {ours + "let token = ''\nexport function join(uid) {\n  fetch(ROUTE, " + opts + ").then((r) => r.json()).then((data) => {\n    token = data.token\n    return start(uid)\n  })\n}\nfunction start(uid) {\n  return client.connectUser({ id: uid }, token)\n}\n", []fault{
			{"FRONT", "token = data.token", "token = data", "token-malformed", "FRONT:6"},
			{"FRONT", "uid }, token)", "uid }, `Bearer ${token}`)", "token-wrapped", "FRONT:11"},
			{"FRONT", "function start", "export const restore = (t) => { token = t }\nfunction start", "", ""},
		}},
		"a hook of a storage": {"import { useMutation } from '@tanstack/react-query'\nimport { useLocalStorage } from 'usehooks-ts'\n" + ours + "export function Talk({ uid }) {\n  const [token, setToken] = useLocalStorage('token')\n  const login = useMutation({\n    mutationFn: (uid) => fetch(ROUTE, " + opts + ").then((r) => r.json()),\n    onSuccess(data) {\n      setToken(data.token)\n    },\n  })\n  if (!token) login.mutate(uid)\n  else client.connectUser({ id: uid }, token)\n}\n", []fault{
			{"FRONT", "setToken(data.token)", "setToken(data)", "token-malformed", "FRONT:10"},
			{"FRONT", "setToken(data.token)", "setToken(JSON.stringify(data.token))", "token-wrapped", "FRONT:10"},
			{"FRONT", "setToken(data.token)", "setToken(data.jwt)", "token-missing", "FRONT:10"},
		}},
		"a name in a storage": {ours + "export async function login(uid) {\n" + ask + "  sessionStorage.setItem('chat-token', data.token)\n}\nexport function connect(uid) {\n  const saved = sessionStorage.getItem('chat-token')\n  client.connectUser({ id: uid }, saved)\n}\n", []fault{
			{"FRONT", "getItem('chat-token')", "getItem('token')", "token-missing", "FRONT:9"},
			{"FRONT", "setItem('chat-token', data.token)", "setItem('chat-token', data)", "token-malformed", "FRONT:6"},
			{"FRONT", "getItem('chat-token')", "getItem('token') || sessionStorage.getItem('chat-token')", "", ""},
			{"FRONT", "getItem('chat-token')\n", "getItem('token')\n  window.sessionStorage.token = saved\n", "", ""},
		}},
		"a name in a store": {zustand + "export function Talk({ uid }) {\n  const token = useAuth((s) => s.token)\n  if (token) client.connectUser({ id: uid }, token)\n}\n", []fault{
			{"FRONT", "s.token", "s.chatToken", "token-missing", "FRONT:13"},
		}},
		"ky": {"import ky from 'ky'\n" + ours + "const getToken = (userId) => ky.post(ROUTE, { json: { userId } }).json().then((d) => d.token)\nexport async function connect(uid) {\n  const token = await getToken(uid)\n  client.connectUser({ id: uid }, token)\n}\n", []fault{
			{"FRONT", "d.token", "d.jwt", "token-missing", "FRONT:4"},
			{"FRONT", "await getToken", "getToken", "token-missing", "FRONT:6"},
			{"FRONT", "uid }, token)", "uid }, 'Bearer ' + token)", "token-wrapped", "FRONT:7"},
		}},
	} {
		t.Run(name, func(t *testing.T) { tryLayouts(t, pairingsOf(c.page, c.faults, "express", "next app")) })
	}
}
