package checks

import "testing"

// A client that a Nuxt plugin provides: its base address is the plugin's.
func TestLayoutsOfNuxtPlugins(t *testing.T) {
	tryLayouts(t, map[string]layout{"nuxt": {map[string]string{
		"package.json":   `{"scripts":{"dev":"nuxt dev"},"dependencies":{"nuxt":"3","axios":"1","stream-chat":"9"}}`,
		"nuxt.config.ts": "export default defineNuxtConfig({\n  runtimeConfig: {\n    public: { apiUrl: process.env.BASE || '/api/', streamKey: '' },\n  },\n})\n",
		".env":           "NUXT_PUBLIC_STREAM_KEY=" + actionKey + "\nSTREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
		"plugins/http.ts": "import axios from 'axios'\nexport default defineNuxtPlugin(() => {\n  const config = useRuntimeConfig()\n  const api = axios.create({ baseURL: config.public?.apiUrl || '/api/' })\n" +
			"  return { provide: { axios: api } }\n})\n",
		"server/api/chat/session.post.ts": "import { StreamChat } from 'stream-chat'\nexport default defineEventHandler(async (event) => {\n  const { id } = await readBody(event)\n" +
			"  const chat = StreamChat.getInstance(process.env.STREAM_API_KEY!, process.env.STREAM_API_SECRET!)\n  return { token: chat.createToken(id) }\n})\n",
		"pages/index.vue": "<script setup>\nimport { StreamChat } from 'stream-chat'\nconst props = defineProps(['id'])\nconst { $axios } = useNuxtApp()\nconst config = useRuntimeConfig()\nonMounted(async () => {\n" +
			"  const { data } = await $axios.post('/chat/session', { id: props.id })\n  await StreamChat.getInstance(config.public.streamKey).connectUser({ id: props.id }, data.token)\n})\n</script>\n<template><div /></template>\n",
	}, []fault{
		{"pages/index.vue", "'/chat/session'", "'/chat/sessions'", "endpoint-not-found", "pages/index.vue:7"},
		{"plugins/http.ts", "  return { provide: { axios: api } }", "  nuxtApp.provide('axios', api)", "", ""},
		{"plugins/http.ts", "config.public?.apiUrl || '/api/'", "'/v1'", "endpoint-not-found", "pages/index.vue:7"},
		{"plugins/http.ts", "{ axios: api }", "{ http: api }", "", ""}, // whose $axios is it? Its base isn't known
		{"plugins/http.ts", "api } }", "make(api) } }", "", ""},
	}}})
}
