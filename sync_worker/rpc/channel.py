"""One HTTP connection to one server: kept alive, each request sent once, each answer limited in size and time.

Both transports stand on it. `http.client` is used directly: `xmlrpc.client.Transport` would send a POST a second time
when the server drops the connection, and a method that writes would run twice. Whether a call may be repeated is
decided in `retry.py`, never here.
"""

from __future__ import annotations

import http.client
import select
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from sync_worker import __version__, errors

CONNECT_TIMEOUT = 10.0  # seconds
REQUEST_LIMIT = 128 << 20  # Odoo answers 413 to a larger body
CHUNK = 1 << 18
USER_AGENT = f"kam-sync/{__version__}"


@dataclass(frozen=True)
class Origin:
    """Where a server is."""

    host: str
    port: int
    tls: bool

    @classmethod
    def parse(cls, url: str) -> Origin:
        """From `http(s)://host[:port]`.

        >>> Origin.parse("https://odoo.localhost/")
        Origin(host='odoo.localhost', port=443, tls=True)

        :raises ValueError: for anything more or less than that. The message never repeats the address, which may
            hold a password.
        """
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("give an address such as https://localhost:8069")
        if parts.username or parts.password:
            raise ValueError("credentials do not belong in the address: use KAM_LOGIN and KAM_PASSWORD")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("give the address without a path: Odoo answers at the root of its host")
        tls = parts.scheme == "https"
        return cls(parts.hostname, parts.port or (443 if tls else 80), tls)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


@dataclass(frozen=True)
class Reply:
    """An HTTP answer, read to its end."""

    status: int
    body: bytes
    content_type: str
    location: str | None


class Channel:
    """A connection that is opened when first needed and again after it broke.

    :param timeout: seconds without a byte from the server before a call is given up.
    :param limit: the most bytes that an answer may have.
    """

    def __init__(self, origin: Origin, timeout: float, limit: int, context: ssl.SSLContext | None = None) -> None:
        self.origin = origin
        self.timeout = timeout
        self.limit = limit
        if origin.tls:
            self._http: http.client.HTTPConnection = http.client.HTTPSConnection(
                origin.host, origin.port, timeout=CONNECT_TIMEOUT, context=context or ssl.create_default_context())
        else:
            self._http = http.client.HTTPConnection(origin.host, origin.port, timeout=CONNECT_TIMEOUT)

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send one POST, once.

        :raises errors.ConnectFailed: nothing was sent.
        :raises errors.Dropped: no whole answer; the server may have done what was asked.
        :raises errors.TimedOut: likewise.
        :raises errors.Contract: the request or the answer is too large.
        """
        if len(body) > REQUEST_LIMIT:
            raise errors.Contract(f"A request of {len(body) >> 20} MiB is more than Odoo takes (128 MiB). "
                                  "Set KAM_BATCH_ROWS to less.")
        return self._exchange("POST", path, body, headers)

    def get(self, path: str) -> Reply:
        """Send one GET, once. Raises what `post` raises."""
        return self._exchange("GET", path, None, {})

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._http.close()

    def _exchange(self, verb: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        self._open()
        try:
            with self._translated():
                self._http.request(verb, path, body, {"User-Agent": USER_AGENT, **headers})
                response = self._http.getresponse()
                return Reply(response.status, self._read(response), response.headers.get_content_type(),
                             response.headers.get("Location"))
        except BaseException:
            # whatever happened, even Ctrl-C: the next answer on this connection could be the one to this request
            self._http.close()
            raise

    def _open(self) -> None:
        sock = self._http.sock
        if sock is not None and select.select([sock], [], [], 0)[0]:
            # an idle connection with something to read was closed by the server: find out before sending, not after
            self._http.close()
        if self._http.sock is None:
            self._connect()
        self._http.sock.settimeout(self.timeout)

    def _connect(self) -> None:
        try:
            self._http.connect()
        except ssl.SSLError as error:
            reason = getattr(error, "verify_message", "") or error.reason or "handshake failed"
            raise errors.NotReachable(f"No trusted TLS connection to {self.origin}: {reason}. Give the server a valid "
                                      "certificate, or name its authority with SSL_CERT_FILE.") from None
        except OSError as error:
            reason = error.strerror or str(error) or type(error).__name__
            raise errors.ConnectFailed(f"No connection to {self.origin}: {reason}. Check KAM_URL, and that Odoo is "
                                       "running and can be reached from here.") from None
        self._http.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        coding = response.headers.get("Content-Encoding", "identity")
        if coding != "identity":
            raise errors.BadAnswer(f"The server or a proxy compressed its answer ({coding}) without being asked to.")
        if (response.length or 0) > self.limit:
            raise self._too_large()
        parts, size = [], 0
        while chunk := response.read(CHUNK):
            parts.append(chunk)
            size += len(chunk)
            if size > self.limit:
                raise self._too_large()
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(parts)

    def _too_large(self) -> errors.BadAnswer:
        return errors.BadAnswer(f"The server answers with more than {self.limit >> 20} MiB. Set KAM_PAGE_ROWS to less.")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            raise errors.TimedOut(f"{self.origin} gave no answer within {self.timeout:g} s. Odoo may still be at work: "
                                  "try again later, or set KAM_TIMEOUT to more.") from None
        except (OSError, http.client.HTTPException) as error:
            raise errors.Dropped(f"The connection to {self.origin} broke before the answer arrived "
                                 f"({type(error).__name__}). Odoo ends a process that works longer than its "
                                 "limit_time_real; its log tells.") from None
