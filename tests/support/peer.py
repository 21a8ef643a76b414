"""A real HTTP server on loopback that behaves as Odoo does, or misbehaves as a test asks."""

from __future__ import annotations

import json
import socket
import threading
import time
import xmlrpc.client
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sync_worker.rpc.channel import Origin

PASSWORD = "pa55-wörd&<key>"
UID = 7


@dataclass
class Received:
    """One request that arrived whole."""

    path: str
    headers: dict[str, str]
    body: bytes
    peer: int

    @property
    def call(self) -> tuple[str, tuple[Any, ...]]:
        """Method and arguments of an XML-RPC request."""
        args, method = xmlrpc.client.loads(self.body, use_builtin_types=True)
        return str(method), args


class Drop(Exception):
    """Close the connection without a word."""


@dataclass
class Http:
    """An answer as it stands."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    announced: int | None = None


class Peer:
    """The server. `behaviour(method, arguments)` answers a call of a model's method; it may return `Http`, raise
    `Drop`, or raise `xmlrpc.client.Fault`. `received` has every request that was read to its end."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.behaviour: Callable[[str, dict[str, Any]], Any] = lambda method, args: {"method": method}
        self.version: Any = {"server_version": "19.0"}
        self.login: Any = UID
        handler = type("Handler", (_Handler,), {"peer": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def origin(self) -> Origin:
        return Origin("127.0.0.1", self._server.server_port, tls=False)

    @property
    def calls(self) -> list[str]:
        """Methods of models that were called over XML-RPC, in order."""
        found = [item.call for item in self.received if item.path == "/xmlrpc/2/object"]
        return [args[4] for _method, args in found]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: Received) -> Http:
        if request.path.startswith("/xmlrpc/2/"):
            return self._xml(request)
        if request.path == "/web/version":
            return Http(body=json.dumps({"version": "19.0"}).encode(), headers={"Content-Type": "application/json"})
        result = self.behaviour(request.path.rsplit("/", 1)[1], json.loads(request.body))
        if isinstance(result, Http):
            return result
        return Http(body=json.dumps(result).encode(), headers={"Content-Type": "application/json"})

    def _xml(self, request: Received) -> Http:
        method, args = request.call
        try:
            if method == "version":
                result = self.version
            elif method == "login":
                result = self.login if args[2] == PASSWORD else False
            else:
                result = self.behaviour(args[4], args[6])
        except xmlrpc.client.Fault as fault:
            result = fault
        if isinstance(result, Http):
            return result
        params: Any = result if isinstance(result, xmlrpc.client.Fault) else (result,)
        return Http(body=xmlrpc.client.dumps(params, methodresponse=True).encode(),
                    headers={"Content-Type": "text/xml"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Quiet: clients that hang up are what is tested here."""


class _Handler(BaseHTTPRequestHandler):
    peer: Peer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._reply(body)

    def do_GET(self) -> None:
        self._reply(b"")

    def _reply(self, body: bytes) -> None:
        request = Received(self.path, dict(self.headers.items()), body, self.client_address[1])
        self.peer.received.append(request)
        try:
            answer = self.peer.answer(request)
        except Drop:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        for key, value in answer.headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(answer.body) if answer.announced is None else answer.announced))
        self.end_headers()
        try:
            self.wfile.write(answer.body)
        except (BrokenPipeError, ConnectionResetError):
            return  # the client did not want more
        if answer.announced is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def hang(seconds: float) -> Callable[[str, dict[str, Any]], Any]:
    """A behaviour that answers too late."""

    def behaviour(method: str, args: dict[str, Any]) -> Any:
        time.sleep(seconds)
        return {}

    return behaviour
