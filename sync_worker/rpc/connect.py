"""From settings to a transport."""

from __future__ import annotations

from sync_worker.config import Settings
from sync_worker.rpc.channel import Origin
from sync_worker.rpc.json2 import Json2Transport
from sync_worker.rpc.retry import PatientTransport
from sync_worker.rpc.transport import Transport
from sync_worker.rpc.xmlrpc import XmlRpcTransport


def bare_transport(settings: Settings) -> Transport:
    """The transport that the settings ask for. Nothing is sent yet, and no call is ever repeated.

    :raises sync_worker.errors.ConfigError: when the file with the secret cannot be read.
    """
    origin = Origin.parse(settings.url)
    secret = settings.secret()
    if settings.transport == "json2":
        return Json2Transport(origin, settings.database, secret, settings.timeout)
    return XmlRpcTransport(origin, settings.database, settings.login, secret, settings.timeout)


def connect(settings: Settings) -> PatientTransport:
    """The same, repeating what is harmless to repeat. Nothing is sent yet."""
    return PatientTransport(bare_transport(settings))
