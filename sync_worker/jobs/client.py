"""`kam.sync` as Python methods: named arguments out, typed answers in. The worker calls nothing else of Odoo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sync_worker import errors
from sync_worker.jobs.answers import (
    PROTOCOL,
    Begin,
    Explain,
    Handshake,
    Page,
    Prepare,
    Queued,
    Results,
    Stage,
    Status,
)
from sync_worker.rpc.retry import PatientTransport

MODEL = "kam.sync"


class KamSync:
    """The door of the addon. Every method raises the errors of `sync_worker.errors`.

    :param lang: the language of sentences for people, such as `es_ES`; by default that of the service user.
    """

    def __init__(self, transport: PatientTransport, lang: str | None = None) -> None:
        self.transport = transport
        self._context: dict[str, Any] = {"lang": lang} if lang else {}

    def handshake(self) -> Handshake:
        """Meet the addon, and make sure that it speaks this worker's version of the contract."""
        answer = self._call("handshake")
        spoken = answer.get("protocol")
        if spoken != PROTOCOL:
            older = "worker" if isinstance(spoken, int) and spoken > PROTOCOL else "addon"
            raise errors.OtherProtocol(f"The addon speaks version {spoken} of the contract, this worker version "
                                       f"{PROTOCOL}: upgrade the {older}.")
        return Handshake.of(answer)

    def status(self, company: int) -> Status:
        """The lease and the last runs of a company."""
        return Status.of(self._call("status", company, company=company))

    def next(self, company: int | None = None, refused: Mapping[str, Any] | None = None) -> Queued:
        """The oldest request in the queue, of one company or of all; `refused` is one that could not be begun."""
        given = {"company": company, "refused": refused and dict(refused)}
        return Queued.of(self._call("next", **{name: value for name, value in given.items() if value is not None}))

    def begin(self, kind: str, company: int, as_of: dt.date, request: Mapping[str, Any]) -> Begin:
        """Take the lease of a company."""
        return Begin.of(self._call("begin", company, kind=kind, company=company, as_of=as_of, request=dict(request)))

    def renew(self, company: int, run: int, token: int) -> None:
        """Extend the lease."""
        self._call("renew", company, run=run, token=token)

    def prepare(self, company: int, run: int, token: int) -> Prepare:
        """Aggregate every source."""
        return Prepare.of(self._call("prepare", company, run=run, token=token))

    def pull(self, company: int, run: int, token: int, after: int, limit: int) -> Page:
        """One page of it."""
        return Page.of(self._call("pull", company, run=run, token=token, after=after, limit=limit))

    def stage(self, company: int, run: int, token: int, table: str, batch: int, rows: Mapping[str, Any]) -> Stage:
        """Send one batch of a table."""
        return Stage.of(self._call("stage", company, run=run, token=token, table=table, batch=batch, rows=rows))

    def publish(self, company: int, run: int, token: int, totals: Mapping[str, Any]) -> Results:
        """Put everything in its place."""
        return Results.of(self._call("publish", company, run=run, token=token, totals=totals))

    def abandon(self, company: int, run: int, token: int, reason: str) -> None:
        """Give the lease back."""
        self._call("abandon", company, run=run, token=token, reason=reason)

    def results(self, company: int, run: int) -> Results:
        """What a run came to."""
        return Results.of(self._call("results", company, run=run))

    def explain(self, account: int | str, company: int | None = None) -> Explain:
        """Why an account's scores are what they are."""
        named: dict[str, Any] = {"account": account} if company is None else {"account": account, "company": company}
        return Explain.of(self._call("explain", company, **named))

    def _call(self, method: str, scope: int | None = None, /, **args: Any) -> dict[str, Any]:
        # without it Odoo would look at all companies of the user at once
        context = {**self._context, "allowed_company_ids": [scope]} if scope is not None else self._context
        return self.transport.call(MODEL, method, args, context)
