"""Which companies and which account a command is about, and what day it is there."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sync_worker.errors import NotAllowed, Usage
from sync_worker.jobs.answers import Company, Handshake
from sync_worker.rpc.wire import INT_LIMIT

KEY_WARNING_DAYS = 14  # an API key that lasts no longer than this is worth a warning


def chosen(met: Handshake, wanted: str | None) -> tuple[Company, ...]:
    """The companies of the handshake, or the one of that id or name.

    :raises Usage: when there is none, or more than one, of that name.
    :raises NotAllowed: when the service user has no company at all.
    """
    if not met.companies:
        raise NotAllowed("The service user belongs to no company: allow it those whose scores it should refresh.")
    if wanted is None:
        return met.companies
    found = tuple(company for company in met.companies if str(company.id) == wanted.strip())
    if not found:
        found = tuple(company for company in met.companies if company.name.casefold() == wanted.strip().casefold())
    if len(found) != 1:
        known = ", ".join(f"{company.name} ({company.id})" for company in met.companies)
        problem = "Several companies have" if found else "No company has"
        raise Usage(f"{problem} the name or number “{wanted}”. The service user sees: {known}.")
    return found


def today(met: Handshake, company: Company) -> dt.date:
    """The day it is in the company, by the server's clock, in the company's time zone.

    A time zone that this machine does not know counts as UTC.
    """
    try:
        zone: dt.tzinfo = ZoneInfo(company.tz)
    except (ZoneInfoNotFoundError, ValueError):
        zone = dt.UTC
    return met.server_time.replace(tzinfo=dt.UTC).astimezone(zone).date()


def account_key(text: str) -> int | str:
    """An account as the addon takes it: a number, where the text is one that an account can have, or else a name.

    >>> account_key(" 42 "), account_key("42 & Sons")
    (42, '42 & Sons')
    """
    wanted = text.strip()
    return int(wanted) if wanted.isascii() and wanted.isdigit() and int(wanted) < INT_LIMIT else wanted
