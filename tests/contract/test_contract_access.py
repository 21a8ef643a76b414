"""Who may use the door, and what is said of a wrong address, key or database."""

from __future__ import annotations

from typing import Any

import pytest
from door import Door, World, transport_to
from lab import Lab

from sync_worker import errors

METHODS: dict[str, dict[str, Any]] = {
    "handshake": {}, "status": {"company": 1}, "next": {},
    "begin": {"kind": "full", "company": 1, "as_of": "2026-01-01"}, "renew": {"run": 1, "token": 1},
    "prepare": {"run": 1, "token": 1}, "pull": {"run": 1, "token": 1, "after": 0, "limit": 1},
    "stage": {"run": 1, "token": 1, "table": "score", "batch": 1, "rows": {}},
    "publish": {"run": 1, "token": 1, "totals": {}}, "abandon": {"run": 1, "token": 1, "reason": ""},
    "results": {"run": 1}, "explain": {"account": 1},
}


@pytest.mark.parametrize("method", METHODS)
def test_outside_the_service_group_every_method_is_refused(
        door: Door, world: World, outsider: tuple[str, str], method: str) -> None:
    transport = transport_to(door.url, world, door.name, *outsider)
    with pytest.raises(errors.NotAllowed) as caught:
        transport.call("kam.sync", method, METHODS[method])
    assert caught.value.exit_code == errors.NOT_ALLOWED
    assert not isinstance(caught.value, errors.WrongCredentials)


@pytest.mark.parametrize("method", ["_guard", "_take", "_put_in_place", "_drop_tables", "_find_run"])
def test_what_is_private_stays_private(door: Door, method: str) -> None:
    with pytest.raises(errors.KamError):
        door(method)


@pytest.mark.parametrize("model", [
    "kam.score", "kam.sync.run", "kam.portfolio", "kam.sync.lease", "kam.score.history", "kam.satisfaction.score",
    "kam.relationship.score", "kam.stakeholder.score"])
def test_the_service_user_writes_results_through_the_door_only(door: Door, model: str) -> None:
    with pytest.raises(errors.KamError) as caught:
        door.transport.call(model, "create", {"vals_list": [{}]})
    assert isinstance(caught.value, errors.NotAllowed)


def test_a_wrong_key_is_said_to_be_one(door: Door, world: World) -> None:
    with pytest.raises(errors.WrongCredentials, match="expired"):
        transport_to(door.url, world, door.name, world.login, "0" * 40).call("kam.sync", "handshake", {})


def test_an_expired_key_is_refused(door: Door, world: World, lab: Lab) -> None:
    _login, key = lab.service_user(world.database, login="expired", days=-1)
    with pytest.raises(errors.WrongCredentials, match="expired"):
        transport_to(door.url, world, door.name, "expired", key).call("kam.sync", "handshake", {})


def test_a_database_that_is_not_there_is_said_to_be_missing(door: Door, world: World) -> None:
    nowhere = World("no_such_database", world.login, world.key, (), 0, 0)
    with pytest.raises(errors.DatabaseMissing, match="KAM_DATABASE"):
        transport_to(door.url, nowhere, door.name, world.login, world.key).call("kam.sync", "handshake", {})


def test_a_method_or_argument_of_another_version_is_said_to_be_one(door: Door) -> None:
    with pytest.raises(errors.OtherProtocol, match="same release"):
        door("teleport")
    with pytest.raises(errors.OtherProtocol, match="same release"):
        door("handshake", colour="red")
    with pytest.raises(errors.OtherProtocol, match="same release"):
        door("status")


def test_a_model_that_is_not_there_means_the_addon_is_missing(door: Door) -> None:
    with pytest.raises(errors.AddonMissing, match="kam_management"):
        door.transport.call("kam.sync.of.another.addon", "handshake", {})


def test_the_version_needs_no_credentials(door: Door, world: World) -> None:
    assert transport_to(door.url, world, door.name, "nobody", "nothing").version().startswith("19.0")
