package checks

import "testing"

// The two arguments swapped, a setting that is set to the key, and a secret that the code changes
// are named at their own lines, in every language.
func TestSecretsOfLanguages(t *testing.T) {
	web := func(gem string, files map[string]string) map[string]string {
		files["Gemfile"] = "gem '" + gem + "'\ngem 'stream-chat-ruby'\ngem 'dotenv-rails'\n"
		files[".env"] = languagesEnv
		return files
	}
	flask := func(client string) map[string]string {
		return map[string]string{"requirements.txt": "flask\nstream-chat\npython-dotenv\n", ".env": languagesEnv, "app.py": flaskHead + client +
			"\n\n@app.post('/token')\ndef token():\n    return jsonify(token=chat.create_token(request.json['userId']))\n\napp.run(port=5004)\n"}
	}
	tryLayouts(t, map[string]layout{
		"Rails with a service": {web("rails", map[string]string{
			"config/routes.rb":                          "Rails.application.routes.draw do\n  post 'token', to: 'tokens#create'\nend\n",
			"app/services/stream_service.rb":            "class StreamService\n  def self.client\n    @client ||= StreamChat::Client.new(ENV.fetch('STREAM_API_KEY'), ENV.fetch('STREAM_API_SECRET'))\n  end\n\n  def self.token_for(id)\n    client.create_token(id)\n  end\nend\n",
			"app/controllers/tokens_controller.rb":      "class TokensController < ApplicationController\n  def create\n    render json: { token: StreamService.token_for(params.require(:user_id)) }\n  end\nend\n",
			"app/controllers/application_controller.rb": "class ApplicationController < ActionController::API\nend\n",
		}), []fault{
			{"app/services/stream_service.rb", "ENV.fetch('STREAM_API_KEY'), ENV.fetch('STREAM_API_SECRET')", "ENV.fetch('STREAM_API_SECRET'), ENV.fetch('STREAM_API_KEY')", "key-secret-swapped", "app/services/stream_service.rb:3"},
		}},
		"Flask with keywords": {flask("chat = StreamChat(api_key=os.environ['STREAM_API_KEY'], api_secret=os.environ['STREAM_API_SECRET'])"), []fault{
			{"app.py", "api_key=os.environ['STREAM_API_KEY'], api_secret=os.environ['STREAM_API_SECRET']", "api_key=os.environ['STREAM_API_SECRET'], api_secret=os.environ['STREAM_API_KEY']", "key-secret-swapped", "app.py:8"},
		}},
		"Echo with a settings package": {map[string]string{"go.mod": "module acme\n\nrequire (\n\tgithub.com/GetStream/stream-chat-go/v6 v6.0.0\n\tgithub.com/labstack/echo/v4 v4.12.0\n\tgithub.com/joho/godotenv v1.5.1\n)\n", ".env": languagesEnv,
			"config/config.go": "package config\n\nimport \"os\"\n\ntype Config struct{ StreamKey, StreamSecret string }\n\nfunc Load() Config {\n\treturn Config{\n\t\tStreamKey:    os.Getenv(\"STREAM_API_KEY\"),\n\t\tStreamSecret: os.Getenv(\"STREAM_API_SECRET\"),\n\t}\n}\n",
			"main.go": "package main\n\nimport (\n\t\"acme/config\"\n\n\tstream \"github.com/GetStream/stream-chat-go/v6\"\n\t\"github.com/joho/godotenv\"\n\t\"github.com/labstack/echo/v4\"\n)\n\nfunc main() {\n\tgodotenv.Load()\n\tcfg := config.Load()\n" +
				"\tclient, _ := stream.NewClient(cfg.StreamKey, cfg.StreamSecret)\n\te := echo.New()\n\te.POST(\"/token\", func(c echo.Context) error {\n\t\tt, _ := client.CreateToken(c.FormValue(\"userId\"), time.Time{})\n\t\treturn c.JSON(200, map[string]string{\"token\": t})\n\t})\n\te.Start(\":1323\")\n}\n"}, []fault{
			{"main.go", "cfg.StreamKey, cfg.StreamSecret", "cfg.StreamSecret, cfg.StreamKey", "key-secret-swapped", "main.go:14"},
			{"config/config.go", "StreamSecret: os.Getenv(\"STREAM_API_SECRET\")", "StreamSecret: os.Getenv(\"STREAM_API_KEY\")", "secret-is-key", "config/config.go:10"},
		}},
		"Laravel with services.php": {map[string]string{"composer.json": `{"require":{"laravel/framework":"^11","get-stream/stream-chat":"^3"}}`, "artisan": "<?php\n", ".env": languagesEnv,
			"config/services.php": "<?php\n\nreturn [\n    'stream' => [\n        'key' => env('STREAM_API_KEY'),\n        'secret' => env('STREAM_API_SECRET'),\n    ],\n];\n",
			"routes/api.php":      "<?php\n\nuse GetStream\\StreamChat\\Client;\nuse Illuminate\\Http\\Request;\nuse Illuminate\\Support\\Facades\\Route;\n\nRoute::post('/token', function (Request $request) {\n    $client = new Client(config('services.stream.key'), config('services.stream.secret'));\n    return response()->json(['token' => $client->createToken($request->user_id)]);\n});\n"}, []fault{
			{"config/services.php", "'secret' => env('STREAM_API_SECRET')", "'secret' => env('STREAM_API_KEY')", "secret-is-key", "config/services.php:6"},
		}},
		"FastAPI with pydantic": {map[string]string{"requirements.txt": "fastapi\nuvicorn\npyjwt\npydantic-settings\n", ".env": languagesEnv,
			"config.py": "from pydantic_settings import BaseSettings, SettingsConfigDict\n\n\nclass Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_file='.env')\n    stream_api_key: str\n    stream_api_secret: str\n\n\nsettings = Settings()\n",
			"main.py":   "import base64\nimport jwt\nfrom fastapi import FastAPI\nfrom pydantic import BaseModel\nfrom config import settings\n\napp = FastAPI()\n\n\nclass Body(BaseModel):\n    user_id: str\n\n\n@app.post('/token')\ndef token(body: Body):\n    return {'token': jwt.encode({'user_id': body.user_id}, settings.stream_api_secret, algorithm='HS256')}\n"}, []fault{
			{"main.py", "settings.stream_api_secret", "base64.b64decode(settings.stream_api_secret)", "secret-encoding", "main.py:16"},
			{"main.py", "settings.stream_api_secret", "settings.stream_api_secret.upper()", "secret-case", "main.py:16"},
		}},
	})
}
