/// A server of the tests' own in a process of its own, that plays an endpoint like OpenAI's and an RSSHub: `sk-stub` is the
/// right key for both. What it does besides that the first part of the path says: `/slow`, `/html`, `/moved`, `/echo`,
/// `/late`, `/quote`, `/address`, `/huge`, `/empty`, `/down`.
package final class StubServer {
  private let server: ServerProcess
  package var port: Int { server.port }

  private static let program = #"""
    import http.server, json

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, status, body, kind="application/json", **headers):
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items(): self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def mode(self):
            path, _, query = self.path.partition("?")
            mode = path.split("/")[1]
            if mode == "slow": time.sleep(30)
            elif mode == "html": self.answer(200, b"<html>hello</html>", "text/html")
            elif mode == "moved": self.answer(302, b"", Location="http://127.0.0.1:1/")
            elif mode == "echo": self.answer(401, ("bad key: %s" % self.headers.get("Authorization")).encode(), "text/plain")
            elif mode == "late": self.answer(401, (" " * 480 + "x" * 135 + str(self.headers["Authorization"])).encode())
            elif mode == "quote": self.answer(500, json.dumps(self.headers["Authorization"]).replace("/", "\\/").encode())
            elif mode == "address" and query: self.answer(500, self.path.encode(), "text/plain")
            elif mode == "address": self.answer(200, b"ok", "text/plain")
            elif mode == "huge": self.answer(200, b" " * (8 << 20))
            elif mode == "empty": self.answer(200, {"data": [], "choices": []})
            elif mode == "down": self.answer(503, b"out of order", "text/plain")
            elif path == "/open/healthz": self.answer(200, b"ok", "text/plain")
            elif path == "/closed/healthz":
                self.answer(200 if query == "key=sk-stub%20%26" else 403, b"ok", "text/plain")
            else: return False
            return True

        def do_GET(self):
            if self.mode(): return
            if self.headers.get("Authorization") != "Bearer sk-stub": return self.answer(401, {"error": "no key"})
            if self.path == "/v1/models": return self.answer(200, {"data": [{"id": "tiny"}, {"id": "large"}]})
            self.answer(404, {})

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.mode(): return
            if self.headers.get("Authorization") != "Bearer sk-stub": return self.answer(401, {"error": "no key"})
            if self.path != "/v1/chat/completions" or body["max_tokens"] != 1: return self.answer(404, {})
            if body["model"] == "broken": return self.answer(500, {"error": "model is broken"})
            self.answer(200, {"choices": [{"message": {"content": "yes"}}], "usage": {"total_tokens": 9}})

        def log_message(self, *arguments): pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """#

  package init() throws {
    server = try ServerProcess(Self.program)
  }
}
