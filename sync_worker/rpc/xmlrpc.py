"""XML-RPC with odoorpc as the client.

odoorpc itself speaks JSON-RPC only. Here it gets a connector that speaks XML-RPC on `/xmlrpc/2`, registered beside its
own, and an `ODOO` that may use it. The connector sends each request once, converts values first, limits time and
size, and parses with the defused parser (no entities, no DTD tricks). It logs nothing, least of all the arguments,
which hold the password.
"""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Mapping
from typing import Any, NoReturn

import odoorpc
import odoorpc.env
import odoorpc.error
import odoorpc.rpc
from defusedxml.xmlrpc import monkey_patch

from sync_worker import errors
from sync_worker.rpc import faults, wire
from sync_worker.rpc.channel import Channel, Origin
from sync_worker.rpc.transport import ANSWER_LIMIT, TIMEOUT, ServerInfo

monkey_patch()

HEADERS = {"Content-Type": "text/xml"}


class XmlRpcConnector(odoorpc.rpc.Connector):
    """odoorpc's connector, over XML-RPC.

    `proxy_json(url, params)` answers as odoorpc's own does, `{'result': …}` or `{'error': …}`, for the addresses that
    odoorpc uses: the version, `common` (log in) and `object` (call a method). The `db` service, which could drop a
    database, is refused. Errors of the connection itself are raised as those of `sync_worker.errors`.
    """

    tls = False

    def __init__(self, host: str, port: int = 8069, timeout: float | None = TIMEOUT, version: str | None = None,
                 opener: object = None, limit: int = ANSWER_LIMIT) -> None:
        super().__init__(host, port, timeout, version)
        self._channel = Channel(Origin(host, self.port, self.tls), timeout or TIMEOUT, limit)
        if self.version is None:
            self.version = self.proxy_json("/web/webclient/version_info", {})["result"]["server_version"]

    @property
    def ssl(self) -> bool:
        """Whether the connection is encrypted."""
        return self.tls

    @property
    def timeout(self) -> float:
        """Seconds without a byte from the server before a call is given up."""
        return self._channel.timeout

    @timeout.setter
    def timeout(self, timeout: float | None) -> None:
        self._channel.timeout = timeout or TIMEOUT

    def proxy_json(self, url: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Answer odoorpc's JSON request by an XML-RPC one."""
        service, method, args = self._route(url, params)
        try:
            return {"result": self._call(service, method, args)}
        except xmlrpc.client.Fault as fault:
            return {"error": _as_json_error(fault)}

    def proxy_http(self, url: str, data: object = None, headers: object = None) -> NoReturn:
        """Not offered: it would need a session of the web client."""
        raise odoorpc.error.InternalError("XML-RPC has no plain HTTP requests")

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()

    @staticmethod
    def _route(url: str, params: Mapping[str, Any]) -> tuple[str, str, list[Any]]:
        if url == "/web/webclient/version_info":
            return "common", "version", []
        service, method = params.get("service"), params.get("method")
        if url == "/jsonrpc" and (service, method) in {("common", "login"), ("common", "authenticate"),
                                                       ("object", "execute"), ("object", "execute_kw")}:
            return str(service), str(method), list(params.get("args", ()))
        raise odoorpc.error.InternalError(f"Not offered over XML-RPC: {url} {service or ''} {method or ''}".rstrip())

    def _call(self, service: str, method: str, args: list[Any]) -> Any:
        body = xmlrpc.client.dumps(tuple(wire.plain(args)), method).encode("utf-8")
        reply = self._channel.post(f"/xmlrpc/2/{service}", body, HEADERS)
        if reply.status != 200:
            raise faults.http_status(reply.status, reply.location)
        return _parse(reply.body)


class XmlRpcSslConnector(XmlRpcConnector):
    """The same over TLS, with the server's certificate verified."""

    tls = True


odoorpc.rpc.PROTOCOLS.update({"xmlrpc": XmlRpcConnector, "xmlrpc+ssl": XmlRpcSslConnector})


class Odoo(odoorpc.ODOO):
    """odoorpc's `ODOO` over XML-RPC; its constructor admits only its own two protocols."""

    def __init__(self, origin: Origin, timeout: float = TIMEOUT, limit: int = ANSWER_LIMIT) -> None:
        protocol = "xmlrpc+ssl" if origin.tls else "xmlrpc"
        # the parent makes the connector at once, and only for JSON-RPC; with a version it opens no connection
        super().__init__(origin.host, "jsonrpc", origin.port, timeout, version="0")
        self._protocol = protocol
        self._connector = odoorpc.rpc.PROTOCOLS[protocol](origin.host, origin.port, timeout, limit=limit)

    def login(self, db: str, login: str = "admin", password: str = "admin") -> None:
        """Log in without reading the user's preferences, for which the service user needs no rights then."""
        answer = self.json("/jsonrpc", {"service": "common", "method": "login", "args": [db, login, password]})
        if not answer["result"]:
            raise errors.WrongCredentials(faults.CREDENTIALS)
        self._env = odoorpc.env.Environment(self, db, answer["result"], context={})
        self._login, self._password = login, password


class XmlRpcTransport:
    """`Transport` over XML-RPC.

    :param password: a password or an API key of the user `login`.
    """

    def __init__(self, origin: Origin, database: str, login: str, password: str, timeout: float = TIMEOUT,
                 limit: int = ANSWER_LIMIT) -> None:
        self._origin, self._database, self._login, self._secret = origin, database, login, password
        self._timeout, self._limit = timeout, limit
        self._odoo: Odoo | None = None

    @property
    def timeout(self) -> float:
        """Seconds without a byte from the server before a call is given up."""
        return self._timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._timeout = seconds
        if self._odoo:
            self._odoo._connector.timeout = seconds

    def call(self, model: str, method: str, args: Mapping[str, Any],
             context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Call once; see `Transport.call`."""
        odoo = self._logged_in()
        named = {**args, "context": dict(context)} if context else dict(args)
        try:
            answer = odoo.execute_kw(model, method, [], named)
        except odoorpc.error.RPCError as error:
            problem = _mapped(error)
            if isinstance(problem, errors.WrongCredentials):
                odoo._env = None  # the next call logs in anew: the user may have another number by now
            raise problem from None
        return wire.whole(answer, f"{model}.{method}")

    def authenticate(self) -> None:
        """Log in, once."""
        self._logged_in()

    def version(self) -> str:
        """Odoo's version."""
        return str(self._connected().version)

    def server(self) -> ServerInfo:
        """The other end."""
        return ServerInfo(str(self._origin), self._database, "xmlrpc", self.version())

    def close(self) -> None:
        """Close the connection."""
        if self._odoo:
            self._odoo._connector.close()

    def _connected(self) -> Odoo:
        if self._odoo is None:
            try:
                self._odoo = Odoo(self._origin, self._timeout, self._limit)
            except odoorpc.error.RPCError as error:
                raise _mapped(error) from None
        return self._odoo

    def _logged_in(self) -> Odoo:
        odoo = self._connected()
        if odoo._env is None:
            try:
                odoo.login(self._database, self._login, self._secret)
            except odoorpc.error.RPCError as error:
                raise _mapped(error) from None
        return odoo


def _parse(body: bytes) -> Any:
    """The value in an XML-RPC answer.

    :raises xmlrpc.client.Fault: when that is what it holds.
    :raises errors.BadAnswer: for anything that is not XML-RPC.
    """
    try:
        return xmlrpc.client.loads(body, use_builtin_types=True)[0][0]
    except xmlrpc.client.Fault:
        raise
    except Exception as error:  # expat, defusedxml and the unmarshaller raise a dozen types between them
        raise errors.BadAnswer(f"The answer is no XML-RPC ({type(error).__name__}). Check that KAM_URL is an Odoo "
                               "server.") from None


def _as_json_error(fault: xmlrpc.client.Fault) -> dict[str, Any]:
    text = str(fault.faultString)
    line = faults.last_line(text)
    return {"code": fault.faultCode, "message": "Odoo Server Error",
            "data": {"name": line.split(":", 1)[0], "message": text, "debug": text, "arguments": [line]}}


def _mapped(error: odoorpc.error.RPCError) -> errors.KamError:
    info = error.info if isinstance(error.info, dict) else {}
    return faults.xmlrpc_fault(info.get("code"), str(info.get("data", {}).get("message", error)))
