"""One suite, met over both transports and both kinds of server: real Odoo, real database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from door import Door, World, told, transport_to
from lab import Lab
from story import OUTSIDER

WAYS = [(transport, workers) for transport in ("xmlrpc", "json2") for workers in (0, 2)]


@pytest.fixture(scope="session")
def world(lab: Lab) -> World:
    """The database that the suite shares."""
    return told(lab)


@pytest.fixture(scope="session")
def servers(lab: Lab, world: World) -> dict[int, str]:
    """Addresses of a threaded and of a prefork server on the same database."""
    return {workers: lab.server(world.database, workers=workers).url for workers in (0, 2)}


@pytest.fixture(scope="session")
def outsider(lab: Lab, world: World) -> tuple[str, str]:
    """Login and key of an administrator of key accounts who is not in the service group."""
    key = lab.shell(world.database, OUTSIDER, login="outsider", group="kam_management.group_kam_admin")
    return "outsider", str(key)


@pytest.fixture(params=WAYS, ids=[f"{transport}-{'prefork' if workers else 'threaded'}" for transport, workers in WAYS])
def door(request: pytest.FixtureRequest, world: World, servers: dict[int, str]) -> Iterator[Door]:
    name, workers = request.param
    opened = Door(transport_to(servers[workers], world, name, world.login, world.key), world, servers[workers], name)
    opened.today = dt.datetime.fromisoformat(opened("handshake")["server_time"]).date()
    yield opened
    for run, token in opened.open_runs:
        if opened("results", run=run).get("state") == "running":
            opened("abandon", run=run, token=token, reason="the test is over")
    opened.transport.close()
