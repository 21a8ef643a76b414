"""The answers of `kam.sync`, typed. An answer that lacks what the contract promises is refused here, by name."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from sync_worker.errors import BadAnswer

PROTOCOL = 1


class Answer(BaseModel):
    """An absent key is an absent value. Keys that this worker does not know are kept, and passed over."""

    model_config = ConfigDict(frozen=True, extra="allow")

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """The typed answer.

        :raises BadAnswer: naming the keys that are missing or wrong.
        """
        try:
            return cls.model_validate(answer)
        except ValidationError as error:
            wrong = ", ".join(f"{'.'.join(map(str, item['loc']))} ({item['msg']})" for item in error.errors())
            raise BadAnswer(f"The answer of {cls.__name__.lower()} is not what the contract says: {wrong}. Install "
                            "addon and worker of the same release.") from None


class Company(Answer):
    """A company of the service user. `tz` is the name of its time zone."""

    id: int
    name: str
    currency: str | None = None
    tz: str = "UTC"
    published: dt.date | None = None


class Handshake(Answer):
    """Who answers, for which companies, and what is missing. `key_days`: days until the API key expires."""

    protocol: int
    addon: str
    odoo: str
    database: str
    server_time: dt.datetime
    companies: tuple[Company, ...]
    missing_rights: tuple[str, ...] = ()
    key_days: int | None = None
    page_rows: int


class Queued(Answer):
    """A request from the queue, to be begun; without `run` there is none. `attempt` counts from 1."""

    run: int | None = None
    kind: str = "full"
    company: int = 0
    account: int | None = None
    as_of: dt.date | None = None
    attempt: int = 1


class Begin(Answer):
    """A lease: `token` goes with every call of the run. `lease_seconds` is how long it lasts without a call.

    `account` is the one that a run of kind `account` is about.
    """

    run: int
    token: int
    lease_seconds: float
    as_of: dt.date
    config: dict[str, Any]
    config_hash: str
    kind: str = "full"
    account: int | None = None


class Section(Answer):
    """One section of what `pull` will give."""

    name: str
    columns: tuple[str, ...] = ()
    rows: int


class Prepare(Answer):
    """The manifest. `unavailable`: the KPIs that could not be read, `id` and `reason` of each."""

    sections: tuple[Section, ...]
    rows: int
    unavailable: tuple[dict[str, Any], ...] = ()


class Page(Answer):
    """One page of `pull`: gzip CSV in base64. `after` asks for the next; `following` are small ones that come along."""

    section: str
    rows: int
    after: int
    done: bool
    sha256: str
    data: str
    following: tuple[Page, ...] = ()


class Refusal(Answer):
    """A row that was refused, and why. `line` counts from 1, without the header."""

    reason: str
    line: int | None = None
    reference: str | int | None = None
    table: str | None = None


class Stage(Answer):
    """What became of one batch."""

    rows: int
    accepted: int
    refused: tuple[Refusal, ...] = ()


class Results(Answer):
    """What a run came to: counts of rows, seconds in all and per phase, what moved most and what is largest.

    A dry run ends as `abandoned`, with the counts of what it would have done.
    """

    run: int
    state: str
    dry_run: bool = False
    kind: str = "full"
    company: int | None = None
    account: int | None = None
    as_of: dt.date | None = None
    config_hash: str | None = None
    accounts: int = 0
    sources: int = 0
    changed: int = 0
    inserted: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    refused: int = 0
    alerts_opened: int = 0
    alerts_closed: int = 0
    seconds: float = 0.0
    phases: dict[str, float] = {}
    movers: tuple[dict[str, Any], ...] = ()
    top: tuple[dict[str, Any], ...] = ()
    refusals: tuple[Refusal, ...] = ()


class Status(Answer):
    """The lease, the last run and the last published one of a company. `stale`: older than `refresh_hours`.

    `queued`: how many requests wait; `asked`: when a worker last asked for one (UTC).
    """

    company: int
    lease: dict[str, Any] | None = None
    last: Results | None = None
    published: Results | None = None
    stale: bool
    refresh_hours: float | None = None
    queued: int = 0
    asked: dt.datetime | None = None


class Explain(Answer):
    """Why an account's scores are what they are, ready to print."""

    account: dict[str, Any]
    company: Any = None
    as_of: dt.date | None = None
    run: int | None = None
    is_compared: bool = False
    scores: dict[str, Any] = {}
    dimensions: Any = ()
    movement: Any = None
