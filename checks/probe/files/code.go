// Package files walks through a project and reads what is worth reading; nothing else reads the project's files.
package files

import "bytes"

// routeMarks are what a backend's source has that leads to a token's handler
// without naming tokens or Stream.
var routeMarks = [][]byte{
	[]byte("oken"), []byte("urlpatterns"), []byte("include_router("), []byte("register_blueprint("), []byte("APIRouter("), []byte("Blueprint("), []byte("Route::"), []byte("routes.draw"), []byte("HandleFunc("),
	[]byte(".Group("), []byte(".Mount("), []byte("RequestMapping("), []byte("MapGroup("), []byte("BaseSettings"), []byte("CORSMiddleware"), []byte("AddCors("), []byte("->group("), []byte("load_dotenv("), []byte("ListenAndServe("),
}

// routesSomething reports whether a source file in another language than
// JavaScript may be on the way from a request to a token.
func routesSomething(name string, src []byte) bool {
	switch name {
	case "settings.py", "urls.py", "manage.py", "wsgi.py", "asgi.py", "routes.rb", "application.rb", "puma.rb", "Program.cs", "Startup.cs":
		return true
	}
	for _, m := range routeMarks {
		if bytes.Contains(src, m) {
			return true
		}
	}
	return false
}
