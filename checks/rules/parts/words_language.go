package parts

import (
	"fmt"

	"badsig/checks/facts"
	"badsig/checks/finding"
)

// idiom is how a language, or one of its frameworks, says what steps say.
type idiom struct {
	Now, Respond, Create, Sign, Env, load, Listen string
	cors, corsWith                                string // a line that allows %s; corsWith for requests with credentials
}

var idioms = []struct {
	name string
	idiom
}{
	{"python", idiom{Now: "int(time.time())", Respond: `return {"token": token}`, Create: "client.create_token(user_id)", Sign: `jwt.encode({"user_id": user_id}, secret, algorithm="HS256")`,
		Env: `os.environ["%s"]`, load: "load_dotenv(…)", Listen: `host="0.0.0.0"`}},
	{"flask", idiom{Respond: "return jsonify(token=token)", cors: `CORS(app, origins=["%s"]) of flask-cors`, corsWith: `CORS(app, origins=["%s"], supports_credentials=True) of flask-cors`}},
	{"fastapi", idiom{cors: `app.add_middleware(CORSMiddleware, allow_origins=["%s"], allow_methods=["*"], allow_headers=["*"])`,
		corsWith: `app.add_middleware(CORSMiddleware, allow_origins=["%s"], allow_credentials=True, allow_methods=["*"], allow_headers=["*"])`}},
	{"django", idiom{Respond: `return JsonResponse({"token": token})`, cors: `CORS_ALLOWED_ORIGINS = ["%s"] of django-cors-headers`, corsWith: `CORS_ALLOWED_ORIGINS = ["%s"] and CORS_ALLOW_CREDENTIALS = True of django-cors-headers`}},
	{"go", idiom{Now: "time.Now().Unix()", Respond: `json.NewEncoder(w).Encode(map[string]string{"token": token})`, Create: "client.CreateToken(userID, expire)",
		Sign: `jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"user_id": userID})`, Env: `os.Getenv("%s")`, load: "godotenv.Load(…)", Listen: "an address without a host, such as \":8080\"",
		cors: `cors.Handler(cors.Options{AllowedOrigins: []string{"%s"}, AllowedHeaders: []string{"Content-Type"}}) of go-chi/cors`, corsWith: `cors.Handler(cors.Options{AllowedOrigins: []string{"%s"}, AllowedHeaders: []string{"Content-Type"}, AllowCredentials: true}) of go-chi/cors`}},
	{"gin", idiom{Respond: `c.JSON(http.StatusOK, gin.H{"token": token})`, cors: `cors.New(cors.Config{AllowOrigins: []string{"%s"}, AllowMethods: []string{"GET", "POST"}, AllowHeaders: []string{"Content-Type"}})`,
		corsWith: `cors.New(cors.Config{AllowOrigins: []string{"%s"}, AllowMethods: []string{"GET", "POST"}, AllowHeaders: []string{"Content-Type"}, AllowCredentials: true})`}},
	{"echo", idiom{Respond: `return c.JSON(http.StatusOK, map[string]string{"token": token})`, cors: `middleware.CORSWithConfig(middleware.CORSConfig{AllowOrigins: []string{"%s"}})`,
		corsWith: `middleware.CORSWithConfig(middleware.CORSConfig{AllowOrigins: []string{"%s"}, AllowCredentials: true})`}},
	{"fiber", idiom{Respond: `return c.JSON(fiber.Map{"token": token})`, cors: `cors.New(cors.Config{AllowOrigins: "%s"})`, corsWith: `cors.New(cors.Config{AllowOrigins: "%s", AllowCredentials: true})`}},
	{"php", idiom{Now: "time()", Respond: "echo json_encode(['token' => $token])", Create: "$client->createToken($userId)", Sign: "JWT::encode(['user_id' => $userId], $secret, 'HS256')",
		Env: "getenv('%s')", load: "Dotenv::createImmutable(…)->load()", cors: "header('Access-Control-Allow-Origin: %s')", corsWith: "header('Access-Control-Allow-Origin: %s') and header('Access-Control-Allow-Credentials: true')"}},
	{"laravel", idiom{Respond: "return response()->json(['token' => $token])", Env: "config('…'), and env('%s') in the file under config/", load: "",
		cors: "'allowed_origins' => ['%s'] in config/cors.php", corsWith: "'allowed_origins' => ['%s'] and 'supports_credentials' => true in config/cors.php"}},
	{"symfony", idiom{Respond: "return $this->json(['token' => $token])", cors: "allow_origin: ['%s'] of nelmio/cors-bundle", corsWith: "allow_origin: ['%s'] and allow_credentials: true of nelmio/cors-bundle"}},
	{"ruby", idiom{Now: "Time.now.to_i", Respond: "{ token: token }.to_json", Create: "client.create_token(user_id)", Sign: "JWT.encode({ user_id: user_id }, secret, 'HS256')",
		Env: "ENV['%s']", load: "Dotenv.load", cors: "headers 'Access-Control-Allow-Origin' => '%s'", corsWith: "headers 'Access-Control-Allow-Origin' => '%s', 'Access-Control-Allow-Credentials' => 'true'"}},
	{"rails", idiom{Respond: "render json: { token: token }", cors: "origins '%s' with resource '*', headers: :any of rack-cors", corsWith: "origins '%s' with resource '*', headers: :any, credentials: true of rack-cors"}},
	{"java", idiom{Now: "Instant.now().getEpochSecond()", Respond: `return Map.of("token", token)`, Create: "User.createToken(userId, null, null)", Sign: `Jwts.builder().claim("user_id", userId).signWith(Keys.hmacShaKeyFor(secret.getBytes(UTF_8))).compact()`,
		Env: `System.getenv("%s")`, cors: `@CrossOrigin(origins = "%s")`, corsWith: `@CrossOrigin(origins = "%s", allowCredentials = "true")`}},
	{"kotlin", idiom{Now: "Instant.now().epochSecond", Respond: `mapOf("token" to token)`, Create: "User.createToken(userId, null, null)", Sign: `JWT.create().withClaim("user_id", userId).sign(Algorithm.HMAC256(secret))`,
		Env: `System.getenv("%s")`, cors: `@CrossOrigin(origins = ["%s"])`, corsWith: `@CrossOrigin(origins = ["%s"], allowCredentials = "true")`}},
	{"ktor", idiom{Respond: `call.respond(mapOf("token" to token))`, cors: `install(CORS) { allowOrigins { it == "%s" }; allowHeader(HttpHeaders.ContentType) }`, corsWith: `install(CORS) { allowOrigins { it == "%s" }; allowHeader(HttpHeaders.ContentType); allowCredentials = true }`}},
	{"csharp", idiom{Now: "DateTimeOffset.UtcNow.ToUnixTimeSeconds()", Respond: "return Ok(new { token })", Create: "userClient.CreateToken(userId)", Sign: "new JwtSecurityTokenHandler().WriteToken(…) with SecurityAlgorithms.HmacSha256",
		Env: `Environment.GetEnvironmentVariable("%s")`, cors: `policy.WithOrigins("%s").AllowAnyHeader().AllowAnyMethod()`, corsWith: `policy.WithOrigins("%s").AllowAnyHeader().AllowAnyMethod().AllowCredentials()`}},
}

// IdiomOf is how the backend's language and framework say it; ok is false for
// JavaScript, and where no backend is known.
func IdiomOf(code *facts.ServerCode) (i idiom, ok bool) {
	if code == nil || code.Language == "" {
		return idiom{}, false
	}
	var own idiom
	for _, x := range idioms {
		switch x.name {
		case code.Language:
			i = x.idiom
		case code.Framework:
			own = x.idiom
		}
	}
	for _, x := range []struct{ to, from *string }{{&i.Respond, &own.Respond}, {&i.cors, &own.cors}, {&i.corsWith, &own.corsWith}, {&i.Env, &own.Env}, {&i.load, &own.load}} {
		if *x.from != "" {
			*x.to = *x.from
		}
	}
	return i, true
}

// CORSSteps allow a page's origin in a backend that isn't JavaScript.
func CORSSteps(code *facts.ServerCode, origin string, credentials bool, loc *finding.Location) []finding.Step {
	place := ""
	if loc != nil {
		place = "In " + loc.String() + ", "
		if loc.Line > 0 {
			place = "In " + LineOf(loc.File, loc.Line) + ", "
		}
	}
	what := place + "allow pages on " + origin + ": "
	if place == "" {
		what = "Allow pages on " + origin + ": "
	}
	i, ok := IdiomOf(code)
	line := i.cors
	if credentials {
		line = i.corsWith
	}
	if !ok || line == "" {
		return []finding.Step{{Text: what + "respond to OPTIONS and to the request itself with Access-Control-Allow-Origin: " + origin + " and Access-Control-Allow-Headers: Content-Type"}}
	}
	return []finding.Step{{Text: what + fmt.Sprintf(line, origin)}}
}

// LoadStep loads a .env file that the backend doesn't load.
func LoadStep(code *facts.ServerCode, file, name string) finding.Step {
	i, ok := IdiomOf(code)
	switch {
	case !ok:
		return finding.Step{Text: "Load " + file + " where the server starts (require('dotenv').config(…) or --env-file), before " + name + " is read"}
	case code.Framework == "laravel" || i.load == "":
		return finding.Step{Text: "Set " + name + " where the backend reads it, to the value from " + file}
	}
	return finding.Step{Text: "Load " + file + " where the backend starts (" + i.load + "), before " + name + " is read"}
}
