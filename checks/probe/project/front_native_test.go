package project

import (
	"testing"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/vault"
)

// Apps for phones: the key at Stream's client, the token's URL, what should not be there.
var nativeCases = []projectCase{
	{"Flutter: a constant of another file, a comment, a request by Uri.parse", map[string]string{
		"app/pubspec.yaml":         "dependencies:\n  flutter:\n    sdk: flutter\n",
		"app/lib/config.dart":      "// const streamKey = '$K2';\nclass Config {\n  static const String streamKey = '$K1';\n  static const base = 'http://10.0.2.2:3001';\n}\n",
		"app/lib/chat.dart":        "import 'package:stream_chat_flutter/stream_chat_flutter.dart';\nimport 'config.dart';\nfinal client = StreamChatClient(\n  Config.streamKey,\n  logLevel: Level.INFO,\n);\nFuture<String> token(String userId) async {\n  final r = await http.post(Uri.parse('${Config.base}/api/stream/token'),\n    headers: {'Content-Type': 'application/json'}, body: jsonEncode({'userId': userId}));\n  return jsonDecode(r.body)['token'];\n}\n",
		"app/test/chat_test.dart":  "final client = StreamChatClient('$K2');\n",
		"app/lib/not_called.dart":  "/* StreamChatClient('$K2') */ const doc = \"StreamChatClient('$K2')\";\n",
		"app/lib/generated.g.dart": "// stream_chat\n",
	}, nil, nil, []string{"front keys [K1 app/lib/config.dart:3]", "fetch POST http://10.0.2.2:3001/api/stream/token [userId]"}},
	{"Flutter: flutter_dotenv", map[string]string{
		"pubspec.yaml": "dependencies:\n  flutter:\n    sdk: flutter\n", ".env": "STREAM_API_KEY=$K1\n",
		"lib/main.dart": "import 'package:stream_chat/stream_chat.dart';\nfinal c = StreamChatClient(dotenv.env['STREAM_API_KEY']!);\n",
	}, nil, nil, []string{"front keys [K1 .env:1]"}},
	{"Flutter: a key that comes with --dart-define is not known", map[string]string{
		"pubspec.yaml":  "dependencies:\n  flutter:\n    sdk: flutter\n",
		"lib/main.dart": "import 'package:stream_chat/stream_chat.dart';\nconst k = String.fromEnvironment('STREAM_API_KEY');\nfinal c = StreamChatClient(k);\nconst other = '$K2';\n",
	}, nil, nil, []string{"front keys []"}},
	{"Flutter: the URL is a field, and a form is sent where it is used", map[string]string{
		"pubspec.yaml":  "dependencies:\n  flutter:\n    sdk: flutter\n",
		"lib/main.dart": "import 'package:stream_chat/stream_chat.dart';\nclass Auth {\n  final String _url = 'http://10.0.2.2:8000/get-stream-jwt/';\n  Future<void> other() async { print({'not': 'sent'}); }\n  Future<String> token(String id) async {\n    final r = await http.post(Uri.parse(_url), headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: {'user_id': id});\n    return json.decode(r.body)['token'];\n  }\n}\nfinal c = StreamChatClient('$K1');\n",
	}, nil, nil, []string{"fetch POST http://10.0.2.2:8000/get-stream-jwt/ [user_id] ", "sends urlencoded"}},
	{"Swift: APIKey of a let, a development token", map[string]string{
		"App/App.xcodeproj/project.pbxproj": "//\n",
		"App/Chat.swift":                    "import StreamChat\nlet apiKey = \"$K1\"\nlet config = ChatClientConfig(apiKey: .init(apiKey))\nfunc go() { ChatClient(config: config).connectUser(userInfo: .init(id: \"ann\"), token: .development(userId: \"ann\")) }\nlet url = URL(string: \"https://chat.example.com/stream/token?user_id=\\(userId)\")!\n",
	}, nil, nil, []string{"front keys [K1 App/Chat.swift:2]", "call devToken", "fetch GET https://chat.example.com/stream/token [user_id]"}},
	{"Android: BuildConfig out of local.properties, Retrofit", map[string]string{
		"local.properties":              "STREAM_API_KEY=$K1\n",
		"app/build.gradle.kts":          "plugins { id(\"com.android.application\") }\nandroid { defaultConfig { buildConfigField(\"String\", \"STREAM_API_KEY\", \"\\\"${properties[\"STREAM_API_KEY\"]}\\\"\") } }\n",
		"app/src/main/kotlin/Chat.kt":   "package a\nimport io.getstream.chat.android.client.ChatClient\nclass Chat(context: Context) {\n  val client = ChatClient.Builder(BuildConfig.STREAM_API_KEY, context).build()\n  fun go(id: String) = client.connectUser(User(id), client.devToken(id)).enqueue()\n}\n",
		"app/src/main/kotlin/Tokens.kt": "import retrofit2.http.POST\ninterface Tokens { @POST(\"api/chat/token\") suspend fun token(@Body body: Id): Token }\nval api = Retrofit.Builder().baseUrl(\"http://192.168.1.20:3000/\").build()\n",
	}, nil, nil, []string{"front keys [K1 local.properties:1]", "call devToken", "fetch POST http://192.168.1.20:3000/api/chat/token"}},
	{"Android: a literal in Groovy's build.gradle, and Java", map[string]string{
		"app/build.gradle":            "android { defaultConfig { buildConfigField 'String', 'STREAM_KEY', '\"$K1\"' } }\n",
		"app/src/main/java/Chat.java": "import io.getstream.chat.android.client.ChatClient;\nclass Chat { ChatClient c = new ChatClient.Builder(BuildConfig.STREAM_KEY, ctx).build(); }\n",
	}, nil, nil, []string{"front keys [K1 app/build.gradle:1]"}},
	{"Unity, and a secret in it", map[string]string{
		"Assets/Chat.cs": "using StreamChat.Core;\nclass Chat {\n  const string StreamApiSecret = \"$S1\"; // \"$S2\"\n  async void Go() => await client.ConnectUserAsync(new AuthCredentials(apiKey: \"$K1\", userId: \"ann\", userToken: token));\n}\n",
	}, nil, nil, []string{"front keys [K1 Assets/Chat.cs:4]", "value secret StreamApiSecret=S1 literal front Assets/Chat.cs:3 public"}},
	{"a backend in Swift or Kotlin isn't an app", map[string]string{
		"Sources/App/routes.swift": "import Vapor\nlet c = StreamVideo(apiKey: \"$K1\")\n", "src/Main.kt": "import org.springframework.boot.*\nval c = ChatClient.Builder(\"$K1\", x)\n",
	}, nil, nil, []string{"front keys []"}},
}

func TestNativeApps(t *testing.T) { runCases(t, nativeCases) }

func FuzzNative(f *testing.F) {
	for _, src := range []string{"'${a'", "\"\\(", "/* /* */", "#\"", "$@\"{", "'''", "StreamChatClient((((", "x = x + x", "http.post(Uri.parse('$a$a')"} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, ext := range []string{".dart", ".swift", ".kt", ".java", ".cs"} {
			s := picture.LexNative(&files.File{Rel: "a" + ext, Src: []byte(src)})
			p := &picture.Reader{World: vault.New(facts.Target{}), Graph: modules.NewGraph(t.Context(), &files.Tree{})}
			p.Filed = map[string]int{}
			p.Native.Sources, p.Native.Decls, p.Native.Bases = []*picture.NativeSource{s}, map[string][]picture.NativeAt{}, map[string]picture.NativeValue{}
			for i := range s.Toks {
				if at := s.Given(i); at >= 0 {
					p.Native.Decls[s.Toks[i].Text] = append(p.Native.Decls[s.Toks[i].Text], picture.NativeAt{S: s, I: at})
				}
			}
			for i := range s.Toks {
				nativeClient(p, s, i)
				nativeRequest(p, s, i)
			}
		}
	})
}
