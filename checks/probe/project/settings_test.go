package project

import "testing"

func TestOtherFormsOfSettings(t *testing.T) {
	runCases(t, []projectCase{
		{"ini, toml and properties", map[string]string{
			"config.ini":                      "\ufeff[stream]\r\n; secret = $S2\r\napi_key = $K1\r\napi_secret = \"$S1\"\r\n[aws]\r\nsecret = other-secret-of-aws\r\n",
			"settings.toml":                   "[tool.x]\nkey = \"value\"\n[getstream]\nsecret = '$S2' # staging\nkey = \"$K2\"\n",
			"src/main/resources/a.properties": "stream.api-secret=$S1\nstream.api-key: $K1\nport=8080\n",
			"Cargo.toml":                      "[dependencies]\nfutures-stream = \"0.1\"\n",
		}, nil, nil, []string{
			"value key stream_api_key=K1 config server config.ini:3", "value secret stream_api_secret=S1* config server config.ini:4", "value secret stream_secret=S2 config server config.ini:2 comment",
			"value secret getstream_secret=S2 config server settings.toml:4", "value key getstream_key=K2 config server settings.toml:5",
			"value secret stream.api-secret=S1 config server src/main/resources/a.properties:1", "value key stream.api-key=K1 config server src/main/resources/a.properties:2",
			"-value key value", "-value key futures",
		}},
		{"a comment in JSON", map[string]string{
			".vscode/launch.json": "{\n  /* \"stream_api_secret\": \"$S2\", */\n  \"stream_api_secret\": \"$S1\", // was $S2\n}\n",
		}, nil, nil, []string{
			"value secret stream_api_secret=S1 config server .vscode/launch.json:3", "-value secret stream_api_secret=S2",
		}},
	})
}
