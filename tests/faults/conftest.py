"""A live Odoo with scores in it, and a worker that may be struck at any step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from lab import Lab
from story import NAMES, REVENUE, SECOND_COMPANY, SEED
from target import LEASE, LEASE_SECONDS, Site


@pytest.fixture(scope="session")
def site_of_the_session(lab: Lab) -> Site:
    database = lab.database()
    made: Any = lab.shell(database, LEASE + SEED, seconds=LEASE_SECONDS, names=NAMES, revenue=REVENUE,
                          second=SECOND_COMPANY)
    login, key = lab.service_user(database)
    server = lab.server(database)
    environment = {key: value for key, value in lab.environment(server, login, key).items() if key != "KAM_CONFIG"}
    site = Site(lab, server, environment, tuple(made["accounts"]), made["company"])
    assert site.run().code == 0
    return site


@pytest.fixture
def site(site_of_the_session: Site) -> Iterator[Site]:
    """The site with scores that are right, and figures that have changed since."""
    here = site_of_the_session
    assert here.shown() == here.factor
    here.sell()
    yield here
    if here.server.pid is None:
        here.server.start()
    if here.shown() != here.factor:
        here.repaired()
