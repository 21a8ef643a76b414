"""A proxy on loopback that loses answers: the request reaches the server and is done, the client never hears of it."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Proxy:
    """Between the worker and a server. It swallows the answers to the first `times` requests in which `method` is
    called: the connection is closed, or, with `silent` seconds, nothing is said for so long. `swallowed` counts them.
    """

    def __init__(self, url: str, method: str, times: int = 1, silent: float = 0.0) -> None:
        self.target = urlsplit(url)
        self.method, self.times, self.silent = method, times, silent
        self.swallowed = 0
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def loses(self, path: str, body: bytes) -> bool:
        """Whether the answer to this request is lost."""
        called = path.endswith(f"/{self.method}") or f"<string>{self.method}</string>".encode() in body
        if not called or self.swallowed >= self.times:
            return False
        self.swallowed += 1
        return True


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy

    def do_POST(self) -> None:
        self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        self._pass_on(b"")

    def _pass_on(self, body: bytes) -> None:
        target = self.proxy.target
        upstream = http.client.HTTPConnection(target.hostname or "", target.port, timeout=60)
        upstream.request(self.command, self.path, body or None, dict(self.headers.items()))
        response = upstream.getresponse()
        answer = response.read()
        upstream.close()
        if self.proxy.loses(self.path, body):
            time.sleep(self.proxy.silent)
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(response.status)
        self.send_header("Content-Type", response.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


