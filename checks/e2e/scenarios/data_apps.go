package scenarios

// noCORS removes the permission that Express5 gives to browsers.
var noCORS = Sub("server/index.js", "app.use(cors({ origin: 'http://localhost:3000' }))\n", "")

// behind is Express5 without permission for browsers, and with another front end.
func behind(how string, front ...Edit) Scenario {
	s := healthy(how, Express5, append([]Edit{noCORS, Del("stream/package.json"), Del("stream/src/App.jsx"), Del("stream/src/services/tokenService.js"), Del("stream/src/config/streamConfig.js")}, front...)...)
	s.Want.Exit = []int{0, 3} // 3 where the app's own key isn't read: then "the same key" is unknown
	return s
}

var (
	flutterApp = []Edit{Put("app/pubspec.yaml", "name: chat_app\nenvironment:\n  sdk: ^3.5.0\ndependencies:\n  flutter:\n    sdk: flutter\n  http: ^1.2.0\n  stream_chat_flutter: ^9.0.0\n"),
		Put("app/lib/main.dart", "import 'package:http/http.dart' as http;\nimport 'package:stream_chat_flutter/stream_chat_flutter.dart';\n\nfinal client = StreamChatClient('{{K1}}');\n\nFuture<String> token(String userId) async {\n  final res = await http.post(Uri.parse('http://10.0.2.2:{{PORT}}/api/stream/token'), body: jsonEncode({'userId': userId}));\n  return jsonDecode(res.body)['token'];\n}\n"),
		Put("app/android/app/build.gradle", "plugins {\n    id \"com.android.application\"\n    id \"dev.flutter.flutter-gradle-plugin\"\n}\n"), Put("app/ios/Runner.xcodeproj/project.pbxproj", "// !$*UTF8*$!\n")}
	iosApp     = []Edit{Put("ChatApp/ChatApp.xcodeproj/project.pbxproj", "// !$*UTF8*$!\n"), Put("ChatApp/ChatApp/AppDelegate.swift", "import StreamChat\nlet chatClient = ChatClient(config: .init(apiKeyString: \"{{K1}}\"))\n")}
	androidApp = []Edit{Put("android/settings.gradle.kts", "include(\":app\")\n"), Put("android/app/build.gradle.kts", "plugins {\n    alias(libs.plugins.android.application)\n    alias(libs.plugins.kotlin.android)\n}\n"),
		Put("android/app/src/main/AndroidManifest.xml", "<manifest xmlns:android=\"http://schemas.android.com/apk/res/android\" />\n"), Put("android/app/src/main/java/com/example/chat/Chat.kt", "package com.example.chat\n\nval client = ChatClient.Builder(\"{{K1}}\", context).build()\n")}
	bareNative = []Edit{Put("mobile/package.json", `{ "name": "mobile", "private": true, "scripts": { "start": "react-native start" }, "dependencies": { "react": "19.0.0", "react-native": "0.79.0", "stream-chat-react-native": "^8.0.0" } }`+"\n"),
		Put("mobile/src/client.js", "import { StreamChat } from 'stream-chat';\nimport { request } from './native-http';\n\nexport const client = StreamChat.getInstance('{{K1}}');\nexport const tokenProvider = (id) => request('stream', { id });\n"),
		Put("mobile/android/app/build.gradle", "apply plugin: \"com.android.application\"\n")}
)

// expoApp is an Expo app that requests its token; more are further dependencies.
func expoApp(more string) []Edit {
	return []Edit{Put("mobile/package.json", `{ "name": "mobile", "main": "expo-router/entry", "scripts": { "start": "expo start" }, "dependencies": { "expo": "~53.0.0", "react": "19.0.0", "react-native": "0.79.0", `+more+`"stream-chat-expo": "^8.0.0" } }`+"\n"),
		Put("mobile/app.json", `{ "expo": { "name": "mobile", "slug": "mobile" } }`+"\n"),
		Put("mobile/src/client.ts", "import { StreamChat } from 'stream-chat';\n\nexport const client = StreamChat.getInstance('{{K1}}');\n\nexport async function token(userId: string) {\n  const res = await fetch('http://localhost:{{PORT}}/api/stream/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId }) });\n  return (await res.json()).token as string;\n}\n")}
}

// webToo is an app that can be built for a browser: what a browser would say is a warning.
func webToo(how string, front ...Edit) Scenario {
	s := behind("", front...)
	s.Name, s.Want = "cors-blocked: "+how, Want{First: "cors-blocked", Exit: []int{0, 3}}
	s.Modes = []Mode{Online, PairOffline}
	return s
}

// apps are front ends that no browser runs, or not only a browser.
var apps = []Scenario{
	behind("a Flutter app, no browser needs permission", flutterApp...),
	behind("an iOS app", iosApp...),
	behind("an Android app", androidApp...),
	behind("a React Native app whose request is not understood", bareNative...),
	behind("an Expo app without web", expoApp("")...),
	with(behind("an iOS and an Android app, no url", append(iosApp, androidApp...)...), func(s *Scenario) { s.URL = "-" }),
	webToo("a Flutter app with a folder for the web", append(flutterApp, Put("app/web/index.html", "<!DOCTYPE html>\n<html><body><script src=\"flutter_bootstrap.js\" async></script></body></html>\n"))...),
	webToo("an Expo app with react-native-web", expoApp(`"react-dom": "19.0.0", "react-native-web": "^0.20.0", `)...),
	{Name: "cors-blocked: a page beside an Expo app", Layout: Express5, Edits: append([]Edit{noCORS}, expoApp("")...), Truth: fine, Want: Want{First: "cors-blocked"}},
	{Name: "cors-blocked: a page in Capacitor's wrapping", Layout: Express5, Edits: []Edit{noCORS, Put("stream/android/app/build.gradle", "apply plugin: 'com.android.application'\n"), Put("stream/android/app/src/main/AndroidManifest.xml", "<manifest />\n"), Put("stream/ios/App/App.xcodeproj/project.pbxproj", "// !$*UTF8*$!\n")},
		Truth: fine, Want: Want{First: "cors-blocked"}},
	with(webToo("--origin names a page of the Flutter app", flutterApp...), func(s *Scenario) {
		s.Args, s.Want.Exit = []string{"--origin", "http://localhost:5000"}, nil
	}),
	{Name: "secret-whitespace: behind a Flutter app", Layout: Express5, Edits: append(append([]Edit{}, behind("", flutterApp...).Edits...), Secret(`"{{S1}} "`)), Truth: by("{{S1}} "), Want: at(Express5, "secret-whitespace")},
}
