"""The connection below both transports."""

from __future__ import annotations

import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from peer import Http, Peer

from sync_worker import errors
from sync_worker.rpc.channel import REQUEST_LIMIT, Channel, Origin


@pytest.mark.parametrize(("url", "origin"), [
    ("http://localhost:8069", Origin("localhost", 8069, False)), ("https://localhost", Origin("localhost", 443, True)),
    (" http://127.0.0.1/ ", Origin("127.0.0.1", 80, False)), ("http://[::1]:8069", Origin("::1", 8069, False))])
def test_an_address_is_read(url: str, origin: Origin) -> None:
    assert Origin.parse(url) == origin
    assert Origin.parse(str(origin)) == origin


@pytest.mark.parametrize("url", [
    "localhost:8069", "ftp://localhost", "http://", "http://localhost/odoo", "http://localhost:99999",
    "http://me:s3cret@localhost", "http://localhost?db=x", ""])
def test_another_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError) as caught:
        Origin.parse(url)
    assert "s3cret" not in str(caught.value)


def test_a_request_that_odoo_would_refuse_for_its_size_is_not_sent(peer: Peer) -> None:
    with pytest.raises(errors.Contract, match="KAM_BATCH_ROWS"):
        Channel(peer.origin, 5, 1 << 20).post("/json/2/x/y", bytes(REQUEST_LIMIT + 1), {})
    assert peer.received == []


def test_an_answer_that_was_compressed_unasked_is_refused(peer: Peer) -> None:
    """Nothing here unpacks it: a small answer must not become a large one."""
    peer.behaviour = lambda method, args: Http(body=b"{}", headers={"Content-Encoding": "gzip"})
    with pytest.raises(errors.BadAnswer, match="gzip"):
        Channel(peer.origin, 5, 1 << 20).post("/json/2/x/y", b"{}", {})


def test_an_unknown_host_is_a_clear_sentence() -> None:
    with pytest.raises(errors.ConnectFailed, match="KAM_URL"):
        Channel(Origin("no-such-host.invalid", 8069, False), 5, 1 << 20).get("/")


@pytest.fixture
def encrypted(tmp_path: Path) -> tuple[Origin, Path]:
    """A TLS server with a certificate of its own making, and that certificate."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", key, "-out", certificate, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True)
    server = HTTPServer(("127.0.0.1", 0), _Hello)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield Origin("localhost", server.server_port, True), certificate
    server.shutdown()
    server.server_close()


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_a_certificate_that_nobody_vouches_for_is_refused(encrypted: tuple[Origin, Path]) -> None:
    with pytest.raises(errors.NotReachable, match="certificate"):
        Channel(encrypted[0], 5, 1 << 20).get("/")


def test_one_that_is_trusted_is_accepted_for_its_own_name_only(
        encrypted: tuple[Origin, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    origin, certificate = encrypted
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert Channel(origin, 5, 1 << 20).get("/").body == b"hello"
    with pytest.raises(errors.NotReachable, match="certificate|mismatch|not valid"):
        Channel(Origin("127.0.0.1", origin.port, True), 5, 1 << 20).get("/")


def test_speaking_tls_to_a_plain_server_is_a_clear_sentence(peer: Peer) -> None:
    with pytest.raises((errors.NotReachable, errors.ConnectFailed)):
        Channel(Origin(peer.origin.host, peer.origin.port, True), 5, 1 << 20).get("/")
